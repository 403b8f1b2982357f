/// Which rule each GraphQL field stands under. Root fields have a row each; the fields of every other type share their
/// type's row, and those that differ have one of their own. A type or root field that is not here is refused to everybody.
public enum GraphQLPermissions {
    /// The rule of a field by the name of the type that declares it and its own.
    public static func rule(type: String, field: String) -> Rule? {
        fields["\(type).\(field)"] ?? types[type]
    }

    private static let fields: [String: Rule] = {
        var table: [String: Rule] = [:]
        for name in readQueries { table["Query.\(name)"] = .read }
        for name in accountQueries { table["Query.\(name)"] = .adminOfAccounts }
        for name in writeMutations { table["Mutation.\(name)"] = .write }
        for name in adminMutations { table["Mutation.\(name)"] = .admin }
        for name in accountMutations { table["Mutation.\(name)"] = .adminOfAccounts }
        for name in ownMutations { table["Mutation.\(name)"] = .ownAccount }
        table["Mutation.createUserApiKey"] = .makeUserKey
        table["Mutation.createSystemApiKey"] = .makeSystemKey
        return table
    }()

    private static let readQueries = [
        "viewer", "userRoles", "projects", "projectsLastUpdatedAt", "projectCount", "node", "searchResources",
        "annotationConfigs", "defaultProjectTraceRetentionPolicy", "projectTraceRetentionPolicies",
        "dbStorageCapacityBytes", "dbTableStats", "serverStatus", "validateRegularExpression", "getSpanByOtelId",
        "getTraceByOtelId", "getProjectByName", "getProjectSessionById", "generativeModels", "modelProviders",
    ]
    private static let accountQueries = ["users", "userApiKeys", "systemApiKeys", "oauth2Grants"]

    private static let writeMutations = [
        "createProject", "patchProject", "deleteProject", "clearProject", "deleteTraces", "transferTracesToProject",
        "createSpanAnnotations", "patchSpanAnnotations", "deleteSpanAnnotations", "createSpanNote",
        "createTraceAnnotations", "patchTraceAnnotations", "deleteTraceAnnotations",
        "createDocumentAnnotations", "patchDocumentAnnotations", "deleteDocumentAnnotations",
        "createProjectSessionAnnotations", "updateProjectSessionAnnotations", "deleteProjectSessionAnnotation",
        "createAnnotationConfig", "updateAnnotationConfig", "deleteAnnotationConfigs",
        "addAnnotationConfigToProject", "removeAnnotationConfigFromProject",
        "createModel", "updateModel", "deleteModel",
    ]
    private static let adminMutations = [
        "createProjectTraceRetentionPolicy", "patchProjectTraceRetentionPolicy", "deleteProjectTraceRetentionPolicy",
        "deleteProjectSpanAnnotations", "deleteProjectTraceAnnotations", "deleteProjectSessionAnnotations",
    ]
    private static let accountMutations = ["createUser", "patchUser", "deleteUsers", "deleteSystemApiKey"]
    private static let ownMutations = ["patchViewer", "deleteUserApiKey"]

    // Fields of another user (mail, keys) are refused by the type itself, which knows whose they are.
    private static let types: [String: Rule] = [:].merging(
        readTypes.map { ($0, Rule.read) }, uniquingKeysWith: { first, _ in first })

    private static let readTypes = [
        "Project", "Trace", "Span", "ProjectSession", "ServerStatus", "DbTableStats", "PageInfo", "UserConnection",
        "UserEdge", "ProjectTraceRetentionPolicy", "ProjectTraceRetentionPolicyConnection",
        "ProjectTraceRetentionPolicyEdge",
        "ProjectTraceRetentionPolicyMutationPayload", "TraceRetentionRuleMaxDays", "TraceRetentionRuleMaxCount",
        "TraceRetentionRuleMaxDaysOrCount", "SpanAnnotationMutationPayload", "TraceAnnotationMutationPayload",
        "AnnotationScoreTimeSeries", "AnnotationScoreTimeSeriesDataPoint", "AnnotationScoreWithLabel",
        "AnnotationMetricsTimeSeries", "AnnotationMetricsTimeSeriesDataPoint",
        "AnnotationSummary", "LabelFraction", "AnnotationNameCount", "DeleteProjectAnnotationsByNamePayload",
        "DocumentAnnotationMutationPayload", "ProjectSessionAnnotationMutationPayload",
        "ProjectMutationPayload",
        "UserMutationPayload", "DeleteUsersPayload",
        "CreateUserApiKeyMutationPayload",
        "CreateSystemApiKeyMutationPayload", "DeleteApiKeyMutationPayload", "SpanAnnotation", "TraceAnnotation",
        "DocumentAnnotation",
        "ProjectSessionAnnotation", "User", "UserRole", "UserApiKey", "SystemApiKey", "ProjectConnection",
        "ProjectEdge", "TraceConnection", "TraceEdge", "SpanConnection", "SpanEdge", "ProjectSessionConnection",
        "ProjectSessionEdge", "SpanPreview", "SpanSkeleton", "SpanContext", "SpanIOValue", "SpanEvent",
        "TokenCountPromptDetails", "SpanCostSummary",
        "SpanCostDetailSummaryEntry", "CostBreakdown", "GenerativeModel", "GenerativeModelConnection",
        "GenerativeModelEdge", "TokenPrice", "CreateModelMutationPayload", "UpdateModelMutationPayload",
        "DeleteModelMutationPayload", "SpanKindCount", "SpanErrorTypeCount", "TokenUsage",
        "ValidationResult", "SpanFilterConditionAnalysis", "DocumentRetrievalMetrics", "DocumentEvaluationSummary",
        "FilterVocabularyTerm",
        "TimeSeriesDataPoint", "SpanCountTimeSeries", "SpanCountTimeSeriesDataPoint",
        "TraceCountTimeSeries", "TraceCountByStatusTimeSeries", "TraceCountByStatusTimeSeriesDataPoint",
        "TraceLatencyPercentileTimeSeries", "TraceLatencyMsPercentileTimeSeriesDataPoint", "TraceTokenCountTimeSeries",
        "TraceTokenCountTimeSeriesDataPoint", "TraceTokenCountDetailsTimeSeriesEntry",
        "TraceTokenCostTimeSeries", "TraceTokenCostTimeSeriesDataPoint",
        "CategoricalAnnotationConfig", "CategoricalAnnotationValue", "ContinuousAnnotationConfig",
        "FreeformAnnotationConfig", "AnnotationConfigConnection", "AnnotationConfigEdge",
        "CreateAnnotationConfigPayload", "UpdateAnnotationConfigPayload", "DeleteAnnotationConfigsPayload",
        "AddAnnotationConfigToProjectPayload", "RemoveAnnotationConfigFromProjectPayload",
    ]
}
