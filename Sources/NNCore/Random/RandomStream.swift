/// Placeholder until the generator is in.
package struct RandomStream {
  package init(seed: UInt32) {}
}
