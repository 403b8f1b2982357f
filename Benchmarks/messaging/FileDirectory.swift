import Domain
import Foundation
import Messaging

/// A service directory of two processes: one file an instance.
struct FileDirectory: ServiceDirectory {
    let path: String

    func announce(_ instance: ServiceInstance) async throws {
        let fields = [
            instance.id, instance.kind.rawValue, instance.version, instance.endpointPublish, instance.endpointRequest,
            String(instance.startedAt), String(instance.heartbeatAt),
        ]
        try Data(fields.joined(separator: "\t").utf8).write(to: file(instance.id), options: .atomic)
    }

    func instances() async throws -> [ServiceInstance] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".instance") }.compactMap {
            guard let text = try? String(contentsOfFile: "\(path)/\($0)", encoding: .utf8) else { return nil }
            let fields = text.components(separatedBy: "\t")
            guard fields.count == 7, let kind = ServiceKind(rawValue: fields[1]), let startedAt = Int64(fields[5]),
                let heartbeatAt = Int64(fields[6])
            else { return nil }
            return ServiceInstance(
                id: fields[0], kind: kind, version: fields[2], endpointPublish: fields[3], endpointRequest: fields[4],
                startedAt: startedAt, heartbeatAt: heartbeatAt)
        }
    }

    func withdraw(id: String) async throws {
        try? FileManager.default.removeItem(at: file(id))
    }

    private func file(_ id: String) -> URL { URL(fileURLWithPath: "\(path)/\(id).instance") }
}
