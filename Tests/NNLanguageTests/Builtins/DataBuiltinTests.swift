import NNCore
import Testing

@testable import NNFormats
@testable import NNLanguage

/// Tables, examples, one-hot labels and files.
@Suite struct DataBuiltinTests {
  static func session() throws -> Session {
    let session = try Session()
    session.host.files["three.csv"] = Array("a,kind,b\n1,y,10\n2,x,20\n3,z,30\n4,x,40\n".utf8)
    session.host.files["two.csv"] = Array("a,b,class\n1,10,malignant\n2,20,benign\n3,30,malignant\n".utf8)
    session.host.files["price.csv"] = Array("size,price\n1,100\n2,210\n".utf8)
    session.host.files["holes.csv"] = Array("a,kind\n1,x\n2,\n".utf8)
    session.host.files["header.csv"] = Array("a,b\n".utf8)
    session.host.files["plain.csv"] = Array("1,2\n3,4\n".utf8)
    session.host.files["bad.csv"] = Array("a,b\n1,2\n3\n".utf8)
    return session
  }

  @Test(arguments: [
    Case("X, Y, classes = xy(read(\"three.csv\"), \"kind\"); X", "[1 2 3 4; 10 20 30 40]"),
    Case("X, Y, classes = xy(read(\"three.csv\"), \"kind\"); Y", "[0 1 0 1; 1 0 0 0; 0 0 1 0]"),
    Case("X, Y, classes = xy(read(\"three.csv\"), \"kind\"); classes", "list(\"x\", \"y\", \"z\")"),
    Case("X, Y, classes = xy(read(\"two.csv\"), \"class\"); Y", "[1 0 1]"),
    Case("X, Y, classes = xy(read(\"two.csv\"), \"class\"); classes", "list(\"benign\", \"malignant\")"),
    Case("X, Y, classes = xy(read(\"price.csv\"), \"price\"); Y", "[100 210]"),
    Case("X, Y, classes = xy(read(\"price.csv\"), \"price\"); length(classes)", "0"),
    Case("xy(read(\"three.csv\"), \"kind\", list(\"b\"))", "[10 20 30 40]"),
    Case("xy(read(\"two.csv\"), target = \"class\", features = list(\"b\", \"a\"))", "[10 20 30; 1 2 3]"),
    Case("matrix(read(\"price.csv\"))", "[1 100; 2 210]"), Case("matrix(list(1, 2, 3))", "[1 2 3]"),
    Case("matrix([1 2; 3 4])", "[1 2; 3 4]"), Case("read(\"plain.csv\")", "[1 2; 3 4]"),
    Case("rows(read(\"three.csv\"))", "4"), Case("size(read(\"three.csv\"))", "[4 3]"),
  ]) func readsTables(_ row: Case) throws { try row.check(in: Self.session()) }

  @Test(arguments: [
    Case("onehot([1 3 2 3])", "[1 0 0 0; 0 0 1 0; 0 1 0 1]"),
    Case("Y, v = onehot([5 0 5]); Y", "[0 1 0; 1 0 1]"),
    Case("Y, v = onehot([5 0 5]); v", "[0 5]"), Case("onehot([1 2], 3)", "[1 0; 0 1; 0 0]"),
    Case("onehot([7 9], 6:9)", "[0 0; 1 0; 0 0; 0 1]"), Case("onehot([0; 1; 0] + 1, 2)", "[1 0 1; 0 1 0]"),
    Case("onehot(list(\"b\", \"a\"))", "[0 1; 1 0]"),
    Case("Y, v = onehot(list(\"b\", \"a\")); v", "list(\"a\", \"b\")"),
    Case("onehot(list(\"b\"), list(\"a\", \"b\"))", "[0; 1]"), Case("argmax(onehot([2 3 1]), 1)", "[2 3 1]"),
    Case("accuracy([0.9 0.2 0.6], [1 0 0])", "2/3"), Case("accuracy([0.5], [0])", "1"),
    Case("accuracy([0.7 0.1; 0.2 0.3; 0.1 0.6], [1 0; 0 1; 0 0])", "0.5"),
    Case("accuracy([nan 1], [1 1])", "0.5"),
    Case("accuracy([0.2; 0.8], [0; 1])", "1"),
    Case("confusion([0.9 0.2 0.6 0.7], [1 0 0 1])", "[1 1; 0 2]"),
    Case("confusion([1 0 0; 0 1 1; 0 0 0], [1 0 0; 0 0 1; 0 1 0])", "[1 0 0; 0 1 0; 0 1 0]"),
    Case(
      "c = confusion([1 0 0; 0 1 1; 0 0 0], [1 0 0; 0 0 1; 0 1 0]); trace(c)/sum(c)", "2/3", within: 1e-15),
  ]) func labels(_ row: Case) throws { try row.check(in: Session()) }

  @Test(arguments: [
    Case("X, mu, sd = standardize([4 -2 1; 0 3 5]); mu", "[1; 8/3]", within: 1e-15),
    Case(
      "X, mu, sd = standardize([4 -2 1; 0 3 5]); sd", "[2.449489742783178; 2.0548046676563256]", within: 1e-15
    ),
    Case(
      "standardize([4 -2 1; 0 3 5])",
      "[1.2247448713915892 -1.2247448713915892 0; -1.2977713690461001 0.1622214211307626 1.1355499479153377]",
      within: 1e-15),
    Case("X, mu, sd = standardize([1 2 3; 5 5 5]); X[2, :]", "[0 0 0]"),
    Case("X, mu, sd = standardize([1 2 3; 5 5 5]); sd[2]", "1"),
    Case(
      "X, mu, sd = standardize([1 2 3; 5 5 5]); standardize([1 2; 6 5], mu, sd) - X[:, 1:2]", "[0 0; 1 0]",
      within: 1e-15),
    Case("X, mu, sd = standardize([2 4]); mu", "3"),
    Case("X, mu, sd = standardize(0.1*ones(1, 10)); sd", "1"),
    Case("standardize(0.1*ones(1, 10))", "zeros(1, 10)", within: 1e-15),
  ]) func standardizes(_ row: Case) throws { try row.check(in: Session()) }

  @Test func splitsByThePermutation() throws {
    let session = try Session()
    try session.interpreter.run(
      """
      X = [1:10; 11:20]; Y = 1:10
      seed(4); p = permutation(10)
      seed(4); Xtrain, Ytrain, Xtest, Ytest = split(X, Y, 0.7)
      """)
    try Case("Ytrain", "p[1:7]").check(in: session)
    try Case("Ytest", "p[8:10]").check(in: session)
    try Case("Xtrain", "X[:, p[1:7]]").check(in: session)
    try Case("Xtest - [Ytest; Ytest + 10]", "zeros(2, 3)").check(in: session)
    try Case("seed(4); A, B = split(list(1, 2, 3, 4, 5), 0.8); sort(matrix(append(A, B[1])))", "1:5").check(
      in: session)
    try Case("A, a, B, b = split(X, Y); [columns(A) columns(B)]", "[8 2]").check(in: session)
  }

  @Test func splittingAndStandardizingStayInTheGraph() throws {
    let session = try Session()
    try session.interpreter.run("param X = [1 2 4; 1 3 9]; S = standardize(X); J = sum(S.^3); backward(J)")
    // The result does not change when a row is shifted, so its gradient sums to 0 along each row.
    try Case("sum(dX, 2)", "[0; 0]", within: 1e-12).check(in: session)
    try Case("norm(dX) > 0.1", "1").check(in: session)
    try session.interpreter.run(
      "param Z = [1 2 3]; seed(1); A, B = split(Z, 0.7); J = 2*sum(A) + 3*sum(B); backward(J)")
    try Case("sort(dZ)", "[2 2 3]").check(in: session)
  }

  @Test func writesWhatItReads() throws {
    let session = try Self.session()
    try session.interpreter.run(
      """
      W1 = [1 2.5; -3 1e-7]; b1 = [1; 2]
      write(W1, "w.csv"); write(W1, "w.npy"); write(W1, b1, "w.npz"); write(W1, b1, "w.safetensors")
      write(W1, "one.npz"); write(W1 + 1, "unnamed.npz"); write(read("three.csv"), "t.tsv")
      d = read("w.npz"); s = read("w.safetensors")
      """)
    for expression in [
      "read(\"w.csv\")", "read(\"w.npy\")", "d.W1", "d[\"W1\"]", "s.W1", "read(\"one.npz\").W1",
      "read(\"unnamed.npz\").arr_0 - 1",
    ] {
      try Case(expression, "[1 2.5; -3 1e-7]", within: expression.hasSuffix("1") ? 1e-15 : 0).check(
        in: session)
    }
    try Case("d.b1", "[1; 2]").check(in: session)
    try Case("read(\"t.tsv\").kind", "list(\"y\", \"x\", \"z\", \"x\")").check(in: session)
    try session.interpreter.run("write(d, \"again.npz\")")
    try Case("read(\"again.npz\").b1", "[1; 2]").check(in: session)
  }

  @Test func aFileWithAMemberThatCannotBeReadGivesTheOthers() throws {
    let session = try Self.session()
    let resources = session.interpreter.resources
    let matrix = try Matrix(rows: 1, columns: 2, [1, 2], in: resources)
    let good = try NPYFile.write(matrix, in: resources)
    session.host.files["part.npz"] = try ZipWriter.write([
      ZipWriter.Entry(name: "a.npy", contents: good),
      ZipWriter.Entry(name: "b.npy", contents: Array("x".utf8)),
    ])
    try Case("d = read(\"part.npz\"); d.a", "[1 2]").check(in: session)
    #expect(session.failure(of: "d.b") == "b cannot be read: this is not an NPY file")
    #expect(session.failure(of: "d[\"b\"]") == "b cannot be read: this is not an NPY file")
    #expect(session.failure(of: "write(d, \"x.npz\")")?.hasPrefix("b cannot be read") == true)
    #expect(try session.output(of: "print(d)").contains("b  not read: this is not an NPY file"))
  }

  @Test(arguments: [
    ("read(\"nowhere.csv\")", "cannot read nowhere.csv: there is no such file"),
    ("read(\"x.doc\")", "the name x.doc tells no format"),
    ("read(\"bad.csv\")", "cannot read bad.csv: "),
    ("read(3)", "read needs a string as path, and this is a number"),
    (
      "write(\"a.npy\", [1 2])",
      "write: the path stands last, behind what is written | write([1 2], \"a.npy\")"
    ),
    ("write(\"a.npz\", [1 2], [3 4])", "write([1 2], [3 4], \"a.npz\")"),
    (
      "write([1 2], \"a.idx\")",
      "a.idx would be an IDX file, a format that is only read | names end in .csv, .tsv, .npy, .npz, .safetensors"
    ),
    ("write(1, 2, \"a.csv\")", "names for several matrices end in .npz or .safetensors"),
    ("write(list(1, 2), \"a.csv\")", "a list of numbers: matrix(list(1, 2))"),
    ("read(\"\")", "the name \"\" tells no format"), ("read(three.csv)", "stands in quotes: \"three.csv\""),
    ("t = read(\"three.csv\"); t[1, 2]", "t.kind[1] is the cell, t.kind its column, t[1] its row"),
    ("t = read(\"three.csv\"); t[\"b\", 3]", "t.b[3] is the cell, t.b its column, t[3] its row"),
    ("t = read(\"three.csv\"); t[:, \"b\"]", "t.b is column b"),
    ("t = read(\"three.csv\"); t[1, 2] = \"x\"", "set by name: t.a = column | one cell is t.kind[1] = …"),
    ("t = read(\"three.csv\"); xy(t, kind)", "t has a column of that name: \"kind\" in a call, or t.kind"),
    ("t = read(\"three.csv\"); xy(t, \"kind\", \"a\")", "of one string it is list(\"a\")"),
    ("t = read(\"three.csv\"); xy(t, \"kind\", \"v\")", "no column v | it has a, kind, b"),
    ("t = read(\"three.csv\"); xy(t, \"kind\", list())", "the list of features is empty"),
    ("t = read(\"three.csv\"); xy(t, \"a\")", "the features to take: xy(t, \"a\", list(\"b\"))"),
    (
      "t = read(\"three.csv\"); xy(t, 2)",
      "column's name, a string, as target, and this is a number | column 2 is \"kind\""
    ),
    ("t = read(\"three.csv\"); xy(t, list(\"kind\"))", "without list( ): \"kind\""),
    (
      "xy(\"three.csv\", \"kind\")",
      "xy needs a table as t, and this is a string | a file's table is read(\"three.csv\")"
    ),
    ("t = read(\"three.csv\"); matrix(t)", "its numbers are [t.a, t.b]"),
    ("t = read(\"three.csv\"); mean(t)", "matrix(t) makes a matrix of a table's numbers"),
    ("t = read(\"three.csv\"); standardize(t)", "matrix(t) makes a matrix of a table's numbers"),
    ("t = read(\"three.csv\"); onehot(t)", "a vector or a list of strings as labels, and this is a table"),
    (
      "t = read(\"three.csv\"); onehot(t.kind, 3)",
      "the classes of strings are found by themselves: onehot(t.kind)"
    ),
    ("write([1 2], 3)", "write needs a string, the path,"),
    ("write(\"a\", \"a.csv\")", "write needs a matrix or a table"),
    ("write(sin, \"a.csv\")", "write needs a matrix or a table"),
    ("write([1 2], \"a.txt\")", "tells no format"),
    ("A = 1; write(A, A, \"a.npz\")", "A is given twice"), ("write(1, 2, \"a.csv\")", "cannot write a.csv"),
    ("read(\"three.csv\").knd", "no column knd | did you mean kind?"),
    ("xy(read(\"three.csv\"), \"knd\")", "did you mean kind?"),
    ("xy(read(\"three.csv\"), \"a\")", "column kind holds text, \"y\" in row 1"),
    ("xy([1 2; 3 4], \"a\")", "xy needs a table"),
    ("xy(read(\"holes.csv\"), \"kind\")", "row 2 has no value in column kind"),
    ("xy(read(\"three.csv\"), \"a\", list(\"q\"))", "no column q"),
    ("xy(read(\"three.csv\"), 3)", "xy needs a column's name, a string, as target"),
    ("matrix(read(\"three.csv\"))", "column \"kind\" is text"),
    ("matrix(list(1, \"a\"))", "the list holds a string"),
    (
      "onehot([0 1 2], 3)",
      "label 1 is 0, which is not among the classes | for labels from 0: onehot([0 1 2] + 1, 3)"
    ),
    ("onehot([1 nan])", "label 2 is nan"), ("onehot([1 2; 3 4])", "onehot needs a vector"),
    ("onehot(list(\"c\"), list(\"a\"))", "label 1 is \"c\""),
    ("onehot([1 2], 0)", "onehot: classes must be from 1"),
    ("accuracy([1 2; 3 4], [1 2])", "shapes do not fit: [1 2; 3 4] is 2×2, [1 2] is 1×2 | onehot([1 2], 2)"),
    ("accuracy([0.2 0.4], [1 2])", "column 2 of [1 2] is not 0 or 1"),
    ("accuracy([1 0; 0 1], [1 1; 1 0])", "column 1 of [1 1; 1 0] is not one-hot"),
    ("accuracy([], [])", "there are no examples"),
    ("confusion([nan 1], [1 1])", "column 1 of [nan 1] holds nan"),
    ("split([1 2 3], [1 2 3], 1.5)", "split: the part must be above 0 and below 1"),
    ("split([1 2 3], [1 2])", "holds 3 examples"), ("split(1, 1, 0.5)", "leave none to"),
    ("split([1 2], [1 2], 0.1)", "2 examples leave none to train with"),
    ("standardize(list(1))", "standardize needs a matrix as X"),
    ("standardize(zeros(2, 0))", "standardize: there are no examples"),
    ("xy(read(\"header.csv\"), \"a\")", "the table has no rows"),
    ("standardize([1 2; 3 4], [1 2 3], [1; 1])", "standardize needs a 2×1 matrix as mu"),
    ("standardize([1 2; 3 4], [1; 2])", "mean and deviation belong together"),
  ]) func refuses(program: String, message: String) throws {
    let failure = try #require(try Self.session().failure(of: program))
    #expect(failure.contains(message), "\(failure)")
  }
}
