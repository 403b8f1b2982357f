/// The release of Phoenix whose surface Bennu serves: what its clients compare with the version that they need.
public enum PhoenixVersion {
    public static let text = "20.26.1"
}
