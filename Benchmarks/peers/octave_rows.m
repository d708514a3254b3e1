1;  % Octave's side of the network written out and of the scalar loop.
row = argv(){1};
start = tic;
switch row
  case "xor"
    rounds = 5000; m = 4;
    X = [0 0 1 1; 0 1 0 1]; Y = [0 1 1 0];
    W1 = randn(4, 2); W2 = randn(1, 4); b1 = zeros(4, 1); b2 = 0;
    start = tic;
    for i = 1:rounds
      Z1 = W1*X + b1; A1 = 1 ./ (1 + exp(-Z1));
      Z2 = W2*A1 + b2; A2 = 1 ./ (1 + exp(-Z2));
      J = -mean(Y .* log(A2) + (1 - Y) .* log(1 - A2));
      dZ2 = A2 - Y;
      dW2 = dZ2*A1'/m; db2 = sum(dZ2, 2)/m;
      dZ1 = (W2'*dZ2) .* A1 .* (1 - A1);
      dW1 = dZ1*X'/m; db1 = sum(dZ1, 2)/m;
      W1 -= 0.5*dW1; b1 -= 0.5*db1; W2 -= 0.5*dW2; b2 -= 0.5*db2;
    end
    printf("xor-by-hand %.6e\n", toc(start)/rounds);
  case "loop"
    s = 0;
    for i = 1:1000000
      s = s + mod(i, 7)*0.5 - s*1e-3;
    end
    printf("loop %.6e\n", 10*toc(start));
end
