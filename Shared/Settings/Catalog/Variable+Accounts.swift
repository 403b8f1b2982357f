extension Variable {
    private static let minutes: ClosedRange<Int> = 1...5_256_000

    static let enableAuth = Variable("PHOENIX_ENABLE_AUTH", .boolean, default: "false", readers: .services)
    static let secret = Variable("PHOENIX_SECRET", .signingSecret, readers: .services)
    static let adminSecret = Variable("PHOENIX_ADMIN_SECRET", .signingSecret, readers: .services)
    static let admins = Variable("PHOENIX_ADMINS", .text, readers: [.auth, .api])
    static let defaultAdminPassword = Variable(
        "PHOENIX_DEFAULT_ADMIN_INITIAL_PASSWORD", .text, secret: true, readers: .auth)
    static let strongPasswordPolicy = Variable(
        "PHOENIX_ENABLE_STRONG_PASSWORD_POLICY", .boolean, default: "false", readers: .auth)
    static let disableBasicAuth = Variable(
        "PHOENIX_DISABLE_BASIC_AUTH", .boolean, default: "false", readers: [.auth, .api])
    static let disableRateLimit = Variable(
        "PHOENIX_DISABLE_RATE_LIMIT", .boolean, default: "false", readers: .auth)
    static let disableBruteForceProtection = Variable(
        "PHOENIX_DISABLE_BRUTE_FORCE_LOGIN_PROTECTION", .boolean, default: "false", readers: .auth)
    static let bruteForceAttemptsMax = Variable(
        "PHOENIX_BRUTE_FORCE_LOGIN_PROTECTION_MAX_ATTEMPTS", .integer(1...1_000_000), default: "5",
        readers: .auth)
    static let passwordResetMinutes = Variable(
        "PHOENIX_PASSWORD_RESET_TOKEN_EXPIRY_MINUTES", .integer(minutes), default: "15", readers: .auth)
    static let accessTokenMinutes = Variable(
        "PHOENIX_ACCESS_TOKEN_EXPIRY_MINUTES", .integer(minutes), default: "10", readers: .auth)
    static let refreshTokenMinutes = Variable(
        "PHOENIX_REFRESH_TOKEN_EXPIRY_MINUTES", .integer(minutes), default: "10080", readers: .auth)
    static let secureCookies = Variable(
        "PHOENIX_USE_SECURE_COOKIES", .boolean, default: "false", readers: .auth)
    static let cookiesPath = Variable("PHOENIX_COOKIES_PATH", .text, default: "/", readers: .auth)

    static let enableAuthorizationServer = Variable(
        "PHOENIX_ENABLE_OAUTH2_AUTHORIZATION_SERVER", .boolean, default: "true", .notServed, readers: .auth)
    static let grantExpiryDays = Variable(
        "PHOENIX_OAUTH2_GRANT_EXPIRY_DAYS", .integer(1...3650), default: "90", .notServed, readers: .auth)
    static let consentOriginCheck = Variable(
        "PHOENIX_OAUTH2_CONSENT_ORIGIN_CHECK", .choice(["strict", "off"]), default: "strict", .notServed,
        readers: .auth)
    static let dynamicClientRegistration = Variable(
        "PHOENIX_OAUTH2_DYNAMIC_CLIENT_REGISTRATION", .choice(["disabled", "local_only", "enabled"]), .notServed,
        readers: .auth)
    static let allowedRedirectHosts = Variable(
        "PHOENIX_OAUTH2_ALLOWED_REDIRECT_HOSTS", .text, .notServed, readers: .auth)
    static let registrationRateLimit = Variable(
        "PHOENIX_OAUTH2_DCR_RATE_LIMIT_PER_HOUR", .integer(0...1_000_000), default: "10", .notServed, readers: .auth)

    static let accounts = [
        enableAuth, secret, adminSecret, admins, defaultAdminPassword, strongPasswordPolicy, disableBasicAuth,
        disableRateLimit, disableBruteForceProtection, bruteForceAttemptsMax, passwordResetMinutes,
        accessTokenMinutes, refreshTokenMinutes, secureCookies, cookiesPath, enableAuthorizationServer,
        grantExpiryDays, consentOriginCheck, dynamicClientRegistration, allowedRedirectHosts, registrationRateLimit,
    ]
}
