import Flow
package import VoiceCore

/// Jobs whose text is still being written.
extension Dispatcher {
    /// Adds text to a job that was opened for it.
    ///
    /// - Parameter index: How many additions came before, so that a repetition is harmless; nil for the next one.
    package func append(
        _ text: String, index: Int?, to id: JobID, by grant: Grant
    ) throws(SpeakRefusal) {
        let inflow = try inflow(of: id, by: grant)
        guard try inflow.append(text, index: index) else { return }
        ledger[id]?.request.text += text
        ledger[id]?.status.text += text
        ledger.remeasure(id)
        ledger[id]?.hasUnnotedText = true
    }

    /// Ends the text of a job; what was written is spoken.
    package func close(_ id: JobID, by grant: Grant) throws(SpeakRefusal) {
        try inflow(of: id, by: grant).close()
    }

    /// Tells that the connection which wrote these jobs' texts is gone.
    package func writerLeft(_ jobs: some Sequence<JobID>) {
        for id in jobs { ledger[id]?.inflow?.leave() }
    }

    /// Tells the journal what was written since it was told last.
    func noteText(of id: JobID) {
        guard let record = ledger[id], record.inflow != nil, record.hasUnnotedText else { return }
        ledger[id]?.hasUnnotedText = false
        surroundings.journal.take(JobNote(.written(record.request.text), of: id))
    }

    func inflow(for request: SpeakRequest) -> TextInflow? {
        guard request.isGrowing else { return nil }
        return TextInflow(
            request.text, unspokenLimit: surroundings.limits.textBytes, timeline: surroundings.timeline)
    }

    private func inflow(of id: JobID, by grant: Grant) throws(SpeakRefusal) -> TextInflow {
        guard let record = ledger[id], grant.covers(record.request.session), let inflow = record.inflow else {
            throw .unknownJob(id)
        }
        return inflow
    }
}
