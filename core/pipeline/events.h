// What a running worker says, one JSON object a line (on stderr with --events, and in the run folder's events.jsonl).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

enum class EventKind {
    started,                 ///< run began: text = model
    progress,                ///< fraction, text = stage, eta_seconds, configuration and block when known
    block_finished,          ///< configuration, block
    score,                   ///< configuration, text = benchmark, value
    configuration_finished,  ///< configuration
    export_finished,         ///< configuration, text = folder
    note,                    ///< text for the log
    finished,                ///< text = "done", "failed" or "cancelled"
    phases,                  ///< seconds, phases, memory: where the last tenth of a second went; only with --events
    device,                  ///< text = the GPU's name, its memory; after every block; only with --events
};

/// One phase's part of a slice of time.
struct EventPhase {
    std::string name;
    double seconds = 0.0;
    double cpu_seconds = 0.0;  ///< of all threads
    double operations = 0.0;   ///< floating point operations; 0: this phase does not count them
};

/// Memory of a GPU for one purpose.
struct EventMemory {
    std::string purpose;
    std::int64_t bytes = 0;
    std::int64_t peak_bytes = 0;  ///< the most so far
};

struct Event {
    EventKind kind = EventKind::note;
    std::string configuration;
    std::int64_t block = -1;
    double fraction = -1.0;
    double eta_seconds = -1.0;  ///< -1: not known yet
    double value = 0.0;
    std::int64_t memory_bytes = 0;  ///< anonymous: what the system cannot drop
    std::string text;
    double seconds = 0.0;           ///< of the slice that `phases` divide
    std::int64_t mapped_bytes = 0;  ///< of mapped files in memory: the model and finished layers
    std::vector<EventPhase> phases = {};
    std::int64_t device_budget_bytes = 0;  ///< what may be taken of the GPU's memory
    std::vector<EventMemory> device_memory = {};
};

std::string eventJson(const Event& event);
Result<Event> parseEvent(const std::string& json_line);

}  // namespace quantoscope
