/// What a writer says of itself at the start: enough to tell its rows from another experiment's and to
/// see how far it is.
struct Session {
  private let document: JSONObject

  /// - Parameters:
  ///   - configuration: the experiment.
  ///   - shard: the part that is computed; nil for all of it.
  init(_ configuration: Configuration, shard: Shard?) {
    var document = JSONObject()
    document["engine_version"] = .number(.natural(UInt64(Engine.version)))
    document["program_version"] = .string(Engine.programVersion)
    document["shard"] = shard.map { .string($0.description) }
    document["input_domain"] = configuration.inputDomain.map { .string($0) }
    document["configuration"] = .object(configuration.document)
    self.document = document
  }

  /// - Returns: nil if the text is none of these.
  init?(_ text: [UInt8]) {
    guard case .object(let document)? = try? JSONParser.parse(text) else { return nil }
    self.document = document
  }

  /// JSON on one line.
  var text: [UInt8] { Array(JSONValue.object(document).canonical.utf8) }

  /// What its rows depend on; nil where that cannot be told.
  var identity: Identity? {
    guard case .object(let configuration)? = document["configuration"],
      case .number(.natural(let engine))? = document["engine_version"]
    else { return nil }
    var domain: String?
    if case .string(let name)? = document["input_domain"] { domain = name }
    return try? Identity(document: configuration, engine: engine, inputDomain: domain)
  }
}
