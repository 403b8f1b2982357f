/// The release.
public enum BennuVersion {
    /// Major, minor and patch (Semantic Versioning 2.0). The version of Phoenix whose surface it serves is another one.
    public static let text = "0.1.0"
}
