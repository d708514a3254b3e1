import Testing
@testable import NNLanguage
