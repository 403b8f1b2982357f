import Domain
import Messaging
import Storage

/// The services of a deployment find each other in its database.
struct StoredServiceDirectory: ServiceDirectory {
    let repository: ServiceInstanceRepository

    func announce(_ instance: ServiceInstance) async throws {
        try await repository.announce(ServiceInstanceRow(instance))
    }

    func instances() async throws -> [ServiceInstance] {
        try await repository.all().map(ServiceInstance.init)
    }

    func withdraw(id: String) async throws {
        try await repository.withdraw(id: id)
    }
}

extension ServiceInstanceRow {
    fileprivate init(_ instance: ServiceInstance) {
        self.init(
            id: instance.id, kind: instance.kind, version: instance.version,
            endpointPublish: instance.endpointPublish, endpointRequest: instance.endpointRequest,
            startedAt: instance.startedAt, heartbeatAt: instance.heartbeatAt)
    }
}

extension ServiceInstance {
    fileprivate init(_ row: ServiceInstanceRow) {
        self.init(
            id: row.id, kind: row.kind, version: row.version, endpointPublish: row.endpointPublish,
            endpointRequest: row.endpointRequest, startedAt: row.startedAt, heartbeatAt: row.heartbeatAt)
    }
}
