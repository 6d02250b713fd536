/// What the rows of an experiment depend on beyond their cell's parameters: network, weights, pruning,
/// inputs, measure, ball search, seed, whether cells are independent, and the engine.
///
/// Claim, plot, level, δ, boundFactor, trials and the values swept may differ between runs that share
/// rows.
public struct Identity: Sendable {
  private let document: JSONObject
  private let engine: UInt64
  /// The keys swept in every grid: the base's values of these are never used.
  private let replacedKeys: Set<String>
  /// How tables write the input domain, a file's with the hash of its content; nil where it is swept.
  private let inputDomain: String?

  private static let keys = [
    "network", "weights", "pruning", "inputs", "measure", "ballSearch", "seed", "cells",
  ]
  private static let defaults: [String: JSONValue] = [
    "measure": .array([]), "cells": .string("paired"),
  ]

  /// - Parameters:
  ///   - document: a configuration.
  ///   - engine: the version of what computes the rows.
  ///   - inputDomain: how tables write the input domain of all its cells, nil where they differ.
  init(document: JSONObject, engine: UInt64, inputDomain: String?) throws(ConfigurationError) {
    self.document = document
    self.engine = engine
    self.inputDomain = inputDomain
    let grid = try Grid(document["grid"].map { JSONReader(value: $0, path: "grid") })
    replacedKeys = grid.commonKeys
  }

  /// How another identity differs from this one.
  ///
  /// - Returns: nil if rows can be shared, else the first difference in words.
  public func firstDifference(from other: Identity) -> String? {
    if engine != other.engine {
      return Self.difference(
        .number(.natural(other.engine)), .number(.natural(engine)), at: "engine version")
    }
    let replaced = replacedKeys.intersection(other.replacedKeys)
    for key in Self.keys {
      let mine = value(key, without: replaced)
      let theirs = other.value(key, without: replaced)
      if mine.canonical != theirs.canonical { return Self.difference(theirs, mine, at: key) }
    }
    // The path is the same, so what differs is the content.
    if let inputDomain, let theirs = other.inputDomain, theirs != inputDomain {
      return "inputs.domain is \(theirs) there and \(inputDomain) here"
    }
    return nil
  }

  private func value(_ key: String, without replaced: Set<String>) -> JSONValue {
    var object = document
    for path in replaced {
      object = object.setting(path.split(separator: ".").map(String.init), to: nil) ?? object
    }
    return object[key] ?? Self.defaults[key] ?? .null
  }

  private static func difference(_ theirs: JSONValue, _ mine: JSONValue, at path: String) -> String
  {
    if case .object(let a) = theirs, case .object(let b) = mine {
      for key in (a.members + b.members).map(\.key) {
        let (old, new) = (a[key] ?? .null, b[key] ?? .null)
        if old.canonical != new.canonical { return difference(old, new, at: path + "." + key) }
      }
    }
    return "\(path) is \(theirs.canonical) there and \(mine.canonical) here"
  }
}
