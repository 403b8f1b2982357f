import Settings

/// What an operator may ask for, this release does not have, and a start without would be unsafe.
public enum UnservedFeatures {
    public static func refuse(_ settings: Settings) throws(StartFailure) {
        if settings.accounts.isEnabled {
            throw StartFailure(
                "PHOENIX_ENABLE_AUTH=true asks for accounts, which this release does not serve: starting would leave "
                    + "everything open to everybody; set it to false, and keep the ports away from strangers",
                .configuration)
        }
    }
}
