local function run(n)
  local s = 0.0
  for i = 1, n do s = s + (i % 7)*0.5 - s*1e-3 end
  return s
end
local start = os.clock()
local s = run(10000000)
print(string.format("loop %.6e %.6f", os.clock() - start, s))
