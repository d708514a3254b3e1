local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end
local start = os.clock()
local n = fib(30)
print(string.format("fib %.6e %d", os.clock() - start, n))
