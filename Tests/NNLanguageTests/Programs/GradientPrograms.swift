extension Programs {
  static let gradients: [ProgramTests.Program] = [
    .init(
      name: "the second seed's graph",
      text: """
        param x = 1; param y = 3; param z = -3;
        p = x + y; g = p*z;
        backward(g)
        dp       # => dp = -3
        dz       # => dz = 4
        dx       # => dx = -3
        dy       # => dy = -3
        dg       # => dg = 1
        """),
    .init(
      name: "gradients are overwritten, never added up",
      text: """
        param w = 3; J = w^2;
        backward(J); backward(J)
        dw       # => dw = 6
        """),
    .init(
      name: "backward sets plain numbers",
      text: """
        param w = 3; J = w^2; backward(J)
        dw = dw*2; w = w - 0.125*dw;
        w        # => w = 1.5  param
        """),
    .init(
      name: "a value from before a param changed is stale",
      text: """
        param w = 3; J = w^2;
        w = 4;
        backward(J)       # error: J is stale: w changed in line 2 since it was computed
        """),
    .init(
      name: "forward computes again with new data and params",
      text: """
        x = 2; param w = 3; y = w*x; J = (y - 1)^2;
        x = 5; w = 1;
        forward(J)
        y        # => y = 5
        J        # => J = 16
        backward(J)
        dw       # => dw = 40
        """),
    .init(
      name: "forward of a statement that ran twice names it",
      text: """
        param w = 3; s = 0;
        repeat 2 { s = s + w }  # error: a statement that computes s ran more than once on the way
        forward(s)
        """),
    .init(
      name: "a cost in a function is run again as a call",
      text: """
        param w = 2; X = [1, 2, 3];
        fn cost(X) { y = w*X; return sum(y.^2) }
        J = cost(X); backward(J)
        dw       # => dw = 56
        X = [1, 1, 1]; forward(J); backward(J)
        dw       # => dw = 12
        """),
    .init(
      name: "a param inside a function is the function's own",
      text: """
        fn slope(x) { param w = x; J = w^3; backward(J); return dw }
        slope(2)          # => 12
        slope(3)          # => 27
        """),
    .init(
      name: "backward of data",
      text: """
        J = 3;
        backward(J)       # error: J depends on no param
        """),
    .init(
      name: "backward of a matrix",
      text: """
        param W = [1, 2]; A = 2*W;
        backward(A)       # error: backward needs a number, and A is 1×2
        """),
    .init(
      name: "a param keeps its shape",
      text: """
        param b = 0;
        b = [1; 2]        # error: b is a param 1×1, and this is 2×1
        """),
    .init(
      name: "elements of a param can be set",
      text: """
        param W = [1, 2; 3, 4]; J = sum(W.^2);
        W[1, 2] = 10; forward(J)
        J                 # => J = 126
        """),
    .init(
      name: "a number of the graph in a data matrix is found out",
      text: """
        param w = 2; A = zeros(1, 2);
        A[1, 1] = w;
        J = sum(A*w)      # error: this matrix holds a value that depended on a param when it was put into it
        """),
    .init(
      name: "a matrix of the graph cannot go into a part",
      text: """
        param W = [1, 2]; A = zeros(2, 2);
        A[1, :] = W       # error: this value depends on a param, and a part of a matrix cannot remember that
        """),
    .init(
      name: "detached values are data",
      text: """
        param w = 3; J = w*detach(w); backward(J)
        dw       # => dw = 3
        """),
    .init(
      name: "costs of many rounds are plain numbers",
      text: """
        param w = 1; costs = [];
        repeat 100 { J = w^2; backward(J); w = w - 0.1*dw; costs = [costs, J] }
        numel(costs)      # => 100
        """),
    .init(
      name: "a bias is stretched, its gradient summed",
      text: """
        param b = [1; 2]; X = ones(2, 3); J = sum(X .* b); backward(J)
        sum(db)  # => 6
        """),
  ]
}
