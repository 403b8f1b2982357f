/// A project was made, changed or deleted: caches of it must go.
public struct ProjectChanged: BusMessage {
    public static let topic = "project-changed"
    public static let version = 1

    public enum Change: String, Codable, Sendable {
        case created
        case updated
        /// With all its traces.
        case deleted
    }

    /// The row of `projects`.
    public var projectID: Int64
    public var change: Change

    public init(projectID: Int64, change: Change) {
        self.projectID = projectID
        self.change = change
    }
}
