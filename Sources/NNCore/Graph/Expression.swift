/// A node of a `Graph`, written like the matrix it stands for; derivative rules are formulas in it.
package struct Expression {}
