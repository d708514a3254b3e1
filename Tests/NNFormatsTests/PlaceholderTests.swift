import Testing
@testable import NNFormats
