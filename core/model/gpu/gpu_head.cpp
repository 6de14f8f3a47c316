#include <algorithm>
#include <string>

#include "core/model/gpu/gpu_evaluate.h"
#include "core/model/gpu/host_blocks.h"
#include "core/model/packed_linear.h"
#include "kernels/matmul/matmul.h"
#include "kernels/token_nll/token_nll.h"

namespace quantoscope {
namespace {

using kernels::RunningSoftmax;

constexpr std::int64_t kTokenTile = 4096;   // whose logits are there at a time
constexpr std::int64_t kPieceRows = 16384;  // of the vocabulary, likewise
constexpr std::int64_t kLeastPartRows = 2048;

std::uint64_t bytesOf(std::int64_t count, std::size_t element) {
    return static_cast<std::uint64_t>(count) * element;
}

/// Final norm, head and softmax of all tokens; the head comes in parts as large as fit.
class Head {
public:
    Head(Gpu& gpu, const WeightSource& weights, std::span<const float> hidden, std::span<const std::int32_t> targets)
        : gpu_(gpu),
          weights_(weights),
          config_(weights.config()),
          hidden_(hidden),
          targets_(targets),
          tokens_(static_cast<std::int64_t>(targets.size())) {}

    Result<std::vector<double>> run(JobContext& job) {
        std::vector<RunningSoftmax> running(targets_.size(), kernels::emptySoftmax());
        QS_TRY(reserve());
        QS_TRY(gpu_.upload(running_.data(), running.data(), running_.size()));
        QS_TRY(gpu_.upload(wanted_.data(), targets_.data(), wanted_.size()));
        for (std::int64_t id = 0; id < config_.vocab_size; id += part_rows_) {
            const auto rows = std::min(part_rows_, config_.vocab_size - id);
            QS_TRY(uploadPart(id, rows, job));
            QS_TRY(addPart(id, rows, job));
            job.report("Computing likelihoods",
                       static_cast<double>(id + rows) / static_cast<double>(config_.vocab_size));
        }
        QS_TRY(gpu_.download(running.data(), running_.data(), running_.size()));
        QS_TRY(gpu_.synchronize());
        std::vector<double> nll;
        nll.reserve(running.size());
        for (const auto& token : running) nll.push_back(kernels::tokenNll(token));
        return nll;
    }

private:
    Status reserve() {
        const auto tile = std::min(tokens_, kTokenTile);
        const auto width = config_.hidden_size;
        const std::string name = "the output head";
        QS_ASSIGN(auto norm, weights_.readVector("model.norm.weight"));
        if (static_cast<std::int64_t>(norm.size()) != width)
            return failure("model.norm.weight has " + std::to_string(norm.size()) + " values where the model is " +
                           std::to_string(width) + " wide");
        QS_ASSIGN(norm_, gpu_.take(GpuMemory::weights, bytesOf(width, sizeof(float)), name));
        QS_TRY(gpu_.upload(norm_.data(), norm.data(), norm_.size()));
        QS_ASSIGN(running_, gpu_.take(GpuMemory::activations, bytesOf(tokens_, sizeof(RunningSoftmax)), name));
        QS_ASSIGN(wanted_, gpu_.take(GpuMemory::activations, bytesOf(tokens_, sizeof(std::int32_t)), name));
        QS_ASSIGN(rows_, gpu_.take(GpuMemory::activations, bytesOf(tile * width, sizeof(float)), name));
        QS_ASSIGN(normed_, gpu_.take(GpuMemory::activations, bytesOf(tile * width, sizeof(std::uint16_t)), name));
        QS_ASSIGN(logits_, gpu_.take(GpuMemory::activations,
                                     bytesOf(tile * std::min(kPieceRows, config_.vocab_size), sizeof(float)), name));
        return reservePart(name);
    }

    /// The whole head where it fits; else halves, down to a least part that must fit.
    Status reservePart(const std::string& name) {
        for (part_rows_ = config_.vocab_size;; part_rows_ = (part_rows_ + 1) / 2) {
            const auto bytes = bytesOf(part_rows_ * config_.hidden_size, sizeof(std::uint16_t));
            if (part_rows_ <= kLeastPartRows) {
                QS_ASSIGN(part_, gpu_.take(GpuMemory::weights, bytes, name));
                return {};
            }
            QS_ASSIGN(const bool taken, gpu_.tryTake(GpuMemory::weights, bytes, part_));
            if (taken) return {};
        }
    }

    Status uploadPart(std::int64_t first_id, std::int64_t count, const JobContext& job) {
        for (std::int64_t row = 0; row < count; row += kPieceRows) {
            QS_TRY(job.checkStop());
            const auto rows = std::min(kPieceRows, count - row);
            std::vector<std::uint16_t> bits(static_cast<std::size_t>(rows * config_.hidden_size));
            QS_TRY(readBfloat16(weights_, headName(config_), first_id + row, rows, config_.hidden_size, bits.data(),
                                job.stopToken()));
            QS_TRY(gpu_.upload(part_.as<std::uint16_t>() + row * config_.hidden_size, bits.data(),
                               bits.size() * sizeof(std::uint16_t)));
        }
        return {};
    }

    Status addPart(std::int64_t first_id, std::int64_t count, const JobContext& job) {
        const auto width = config_.hidden_size;
        for (std::int64_t token = 0; token < tokens_; token += kTokenTile) {
            QS_TRY(job.checkStop());
            const auto tokens = std::min(kTokenTile, tokens_ - token);
            QS_TRY(gpu_.upload(rows_.data(), hidden_.data() + token * width, bytesOf(tokens * width, sizeof(float))));
            QS_TRY(gpu_.call("the final norm", &Gpu::Table::rmsNormBfloat16, rows_.as<float>(), norm_.as<float>(),
                             static_cast<float>(config_.rms_norm_eps), tokens, width, normed_.as<std::uint16_t>()));
            for (std::int64_t row = 0; row < count; row += kPieceRows)
                QS_TRY(addPiece(first_id + row, part_.as<std::uint16_t>() + row * width,
                                std::min(kPieceRows, count - row), token, tokens));
        }
        return {};
    }

    Status addPiece(std::int64_t first_id, const std::uint16_t* weights, std::int64_t rows, std::int64_t token,
                    std::int64_t tokens) {
        QS_TRY(gpu_.call("the output head", &Gpu::Table::matmulBfloat16, normed_.as<std::uint16_t>(), tokens, weights,
                         rows, config_.hidden_size, logits_.as<float>(), kernels::MatmulOutput::store));
        return gpu_.call("likelihoods", &Gpu::Table::updateSoftmax, logits_.as<float>(), tokens, rows, first_id,
                         wanted_.as<std::int32_t>() + token, running_.as<RunningSoftmax>() + token);
    }

    Gpu& gpu_;
    const WeightSource& weights_;
    const ModelConfig& config_;
    std::span<const float> hidden_;
    std::span<const std::int32_t> targets_;
    std::int64_t tokens_;
    std::int64_t part_rows_ = 0;
    GpuBytes norm_, running_, wanted_, rows_, normed_, logits_, part_;
};

}  // namespace

Result<std::vector<double>> targetNllOnGpu(Gpu& gpu, const WeightSource& weights, std::span<const float> hidden,
                                           std::span<const std::int32_t> targets, JobContext& job) {
    if (targets.empty()) return std::vector<double>();
    if (targets.size() * static_cast<std::size_t>(weights.config().hidden_size) != hidden.size())
        return failure("the hidden states do not belong to the tokens whose likelihood is asked");
    return Head(gpu, weights, hidden, targets).run(job);
}

}  // namespace quantoscope
