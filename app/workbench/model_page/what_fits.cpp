#include "app/workbench/model_page/what_fits.h"

#include <unistd.h>

#include <QCoreApplication>
#include <QStorageInfo>

#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr int kGroupSize = 128;
constexpr int kFullPrecisionBits = 16;
constexpr int kScaleBits = 16;

QString text(const char* source) {
    return QCoreApplication::translate("WhatFits", source);
}

Fact fitFact(const QString& label, std::uint64_t bytes, std::uint64_t available, const QString& help) {
    const bool fits = bytes <= available;
    return {label, bytesText(bytes) + (fits ? QStringLiteral(" ✓") : QStringLiteral(" ✗")), help,
            fits ? FactTone::good : FactTone::bad};
}

}  // namespace

Machine thisMachine(const QString& folder) {
    const auto pages = ::sysconf(_SC_PHYS_PAGES);
    const auto page_bytes = ::sysconf(_SC_PAGESIZE);
    Machine machine;
    if (pages > 0 && page_bytes > 0)
        machine.memory_bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
    machine.free_disk_bytes = static_cast<std::uint64_t>(std::max<qint64>(0, QStorageInfo(folder).bytesAvailable()));
    return machine;
}

std::uint64_t checkpointBytes(const ModelConfig& config, std::int64_t parameter_count, int bits, int group_size) {
    if (bits >= kFullPrecisionBits) return static_cast<std::uint64_t>(parameter_count) * 2;
    std::int64_t linear_count = 0;
    std::int64_t group_count = 0;
    for (const auto role : kLinearRoles) {
        const auto rows = linearRows(config, role);
        const auto columns = linearColumns(config, role);
        linear_count += rows * columns * config.block_count;
        group_count += rows * ((columns + group_size - 1) / group_size) * config.block_count;
    }
    const std::int64_t quantized_bits = linear_count * bits + group_count * (kScaleBits + bits);
    return static_cast<std::uint64_t>(quantized_bits / 8 + (parameter_count - linear_count) * 2);
}

FactSection whatFits(const ModelConfig& config, std::int64_t parameter_count, const Machine& machine) {
    FactSection section;
    section.heading = text("What fits here");
    section.facts.push_back(fitFact(
        text("All in memory, bfloat16"), checkpointBytes(config, parameter_count, kFullPrecisionBits, kGroupSize),
        machine.memory_bytes, text("Weights only; quantizing and evaluating go block by block and need far less")));
    for (const int bits : {8, 4, 3, 2})
        section.facts.push_back(fitFact(text("%1-bit, group %2").arg(bits).arg(kGroupSize),
                                        checkpointBytes(config, parameter_count, bits, kGroupSize),
                                        machine.memory_bytes,
                                        text("Weights in memory and as a checkpoint: codes, float16 scales and zero "
                                             "points of the linears, the rest bfloat16")));
    section.note = text("This machine: %1 memory, %2 free where runs are kept.")
                       .arg(bytesText(machine.memory_bytes), bytesText(machine.free_disk_bytes));
    return section;
}

}  // namespace quantoscope
