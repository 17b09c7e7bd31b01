import Glibc
import Store
import Testing

@Suite struct DataFolderTests {
    let scratch = Scratch()

    @Test func `a new folder belongs to its owner alone`() throws {
        let folder = try DataFolder(path: scratch.folder)
        try folder.write([1, 2, 3], to: "thing")
        #expect(scratch.mode("data") == 0o700)
        #expect(scratch.mode("data/thing") == 0o600)
        #expect(scratch.mode("data/lock") == 0o600)
    }

    @Test func `a folder that others could read is closed to them`() throws {
        scratch.makeFolder("data")
        _ = try DataFolder(path: scratch.folder)
        #expect(scratch.mode("data") == 0o700)
    }

    @Test func `two missing parents are made, three are a mistyped path`() throws {
        _ = try DataFolder(path: scratch.path + "/a/b")
        _ = try DataFolder(path: scratch.path + "/fresh/share/hearsay")
        let path = scratch.path + "/c/d/e/f"
        #expect(failure { () throws(StoreError) in try DataFolder(path: path) }?.code == "data_folder_missing_parent")
    }

    @Test func `a second server on one folder is told who holds it`() throws {
        let folder = try DataFolder(path: scratch.folder)
        let error = failure { () throws(StoreError) in try DataFolder(path: scratch.folder) }
        #expect(error == .inUse(path: folder.path, process: getpid()))
        #expect(error?.code == "data_folder_in_use")
        #expect(error?.description.contains("hearsay stop") == true)
    }

    @Test func `the folder is free again when its holder is gone`() throws {
        do { _ = try DataFolder(path: scratch.folder) }
        #expect(failure { () throws(StoreError) in try DataFolder(path: scratch.folder) } == nil)
    }

    @Test func `a file in place of the folder is named`() {
        scratch.writeFile("data")
        let error = failure { () throws(StoreError) in try DataFolder(path: scratch.folder) }
        #expect(error == .notAFolder(path: scratch.folder))
    }

    @Test func `a full disk is told at the start`() {
        scratch.makeFolder("data")
        scratch.fillUp("data/lock")
        let error = failure { () throws(StoreError) in try DataFolder(path: scratch.folder) }
        #expect(error?.code == "disk_full")
        #expect(error?.description.contains("make room") == true)
    }

    @Test func `a full disk leaves the old file whole`() throws {
        let folder = try DataFolder(path: scratch.folder)
        try folder.write([1], to: "thing")
        scratch.fillUp("data/thing.new")
        #expect(failure { () throws(StoreError) in try folder.write([2], to: "thing") }?.code == "disk_full")
        #expect(try folder.read("thing") == [1])
        #expect(!scratch.exists("data/thing.new"))
    }

    @Test func `a missing file reads as nothing, and one beyond the limit too`() throws {
        let folder = try DataFolder(path: scratch.folder)
        try folder.write([UInt8](repeating: 7, count: 10_000), to: "thing")
        #expect(try folder.read("other") == nil)
        #expect(try folder.read("thing")?.count == 10_000)
        #expect(try folder.read("thing", byteLimit: 9_999) == nil)
    }
}
