// Tensors that stay dense in an export: which element type loses least, and their bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/exports/export_model.h"
#include "core/formats/safetensors_writer.h"

namespace quantoscope::exports {

/// A dense tensor with the type it will be stored in.
struct StoredDense {
    DenseTensor tensor;
    DType dtype = DType::f16;
    bool exact = false;  ///< every value comes back as it is
};

/// For all three: what no method touches (vision tower, projector) keeps the type it has.
/// float16 where it holds every value, else bfloat16 where that does, else float16 rounded. Reads every tensor once.
/// Refuses values that float16 readers would turn into infinities.
Result<std::vector<StoredDense>> chooseDenseTypes(ExportModel& model, const JobContext& job);
/// The same for one given type.
Result<std::vector<StoredDense>> useDenseType(ExportModel& model, DType dtype, const JobContext& job);
/// Each tensor in the type that the source file has it in; block-quantized and wider types as float16 and float32.
Result<std::vector<StoredDense>> keepDenseTypes(ExportModel& model, const JobContext& job);

/// The values, a norm that scales were folded into being the folded one.
Result<std::vector<float>> denseVector(ExportModel& model, const DenseTensor& tensor);
/// The tensor for the writer; `model` and `job` are kept until its data has been asked for.
TensorToWrite writeDense(std::shared_ptr<ExportModel> model, const StoredDense& stored, const JobContext& job);

/// The element type a source file's tensor is stored in, one that a dense export can hold too.
DType sourceType(const ExportModel& model, const std::string& name);
/// Sentences about rounding, for the report; empty when nothing was rounded.
std::vector<std::string> roundingNotes(const std::vector<StoredDense>& tensors);
using UseValues = std::function<Status(std::span<const float>)>;
/// Calls `use` for chunk after chunk of the values, in order; vectors are one chunk.
Status forEachChunk(ExportModel& model, const DenseTensor& tensor, const JobContext& job, const UseValues& use);

}  // namespace quantoscope::exports
