/// A model that people have added, or its prices, have changed: new spans cost by the new ones.
public struct ModelsChanged: BusMessage {
    public static let topic = "models-changed"
    public static let version = 1

    public init() {}
}
