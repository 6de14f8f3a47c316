// An export as it lies on disk, opened again to be compared with what should be in it. Nothing here or in the verify_*
// files uses the code that packed it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/exports/dense_tensors.h"
#include "core/formats/exports/export_model.h"
#include "core/formats/safetensors_file.h"

namespace quantoscope::exports {

class WrittenCheckpoint {
public:
    /// `model` spells the names that are asked for below; it must outlive the checkpoint.
    static Result<WrittenCheckpoint> open(const std::filesystem::path& folder, const ExportModel& model);

    /// Raw bytes of a tensor; an error when it is missing or has another type or shape.
    Result<std::span<const std::byte>> bytes(const std::string& name, DType dtype,
                                             const std::vector<std::int64_t>& shape) const;
    /// Its values as float32.
    Result<std::vector<float>> values(const std::string& name, DType dtype,
                                      const std::vector<std::int64_t>& shape) const;
    std::size_t tensorCount() const { return tensors_.size(); }

private:
    struct Place {
        std::size_t file;
        const SafetensorsFile::Entry* entry;
    };
    explicit WrittenCheckpoint(const ExportModel& model) : model_(&model) {}

    const ExportModel* model_;
    std::vector<std::shared_ptr<const SafetensorsFile>> files_;
    std::map<std::string, Place> tensors_;
};

/// Dense tensors equal the source's: exactly, or within half a step of their type where they had to be rounded.
Status verifyDense(const WrittenCheckpoint& written, ExportModel& model, const std::vector<StoredDense>& tensors,
                   const JobContext& job);
/// GPTQ linears: every code, zero point, group and scale, `minus_one` being the zero points' convention.
Status verifyGptq(const WrittenCheckpoint& written, ExportModel& model, int bits, bool minus_one,
                  const JobContext& job);
/// AWQ GEMM linears.
Status verifyAwq(const WrittenCheckpoint& written, ExportModel& model, const JobContext& job);
/// Dequantized linears of a fake-quant export, stored in `dtype`.
Status verifyDequantized(const WrittenCheckpoint& written, ExportModel& model, LinearRole role, std::int64_t block,
                         DType dtype);

/// Is `written` what rounding `wanted` to the type once, to nearest, gives?
bool isRounding(DType dtype, float wanted, float written);

}  // namespace quantoscope::exports
