// A model of plain headers for tests of the views: LLaMA names and shapes, no file behind it.
#pragma once

#include <memory>

#include "core/formats/model_files.h"

namespace quantoscope {

class SampleModel : public ModelFiles {
public:
    explicit SampleModel(int blocks) {
        add("model.embed_tokens.weight", {32000, 512}, DType::bf16);
        for (int block = 0; block < blocks; ++block) {
            const std::string start = "model.layers." + std::to_string(block) + ".";
            add(start + "input_layernorm.weight", {512}, DType::bf16);
            add(start + "mlp.down_proj.weight", {512, 1792}, DType::bf16);
            add(start + "mlp.gate_proj.weight", {1792, 512}, DType::bf16);
            add(start + "mlp.up_proj.weight", {1792, 512}, block % 3 == 0 ? DType::f32 : DType::bf16);
            add(start + "self_attn.k_proj.weight", {128, 512}, DType::bf16);
            add(start + "self_attn.o_proj.weight", {512, 512}, DType::bf16);
            add(start + "self_attn.q_proj.weight", {512, 512}, DType::bf16);
            add(start + "self_attn.v_proj.weight", {128, 512}, DType::bf16);
        }
        add("model.norm.weight", {512}, DType::bf16);
        add("lm_head.weight", {32000, 512}, DType::bf16);
    }
    const std::filesystem::path& path() const override { return path_; }
    std::string formatLabel() const override { return "sample"; }
    const std::vector<TensorInfo>& tensors() const override { return tensors_; }
    std::int64_t parameterCount() const override { return static_cast<std::int64_t>(bytes_ / 2); }
    std::uint64_t totalBytes() const override { return bytes_; }
    const std::vector<std::string>& warnings() const override { return warnings_; }
    std::string configJson() const override { return "{}"; }
    std::string fingerprint() const override { return "sample"; }
    Result<ModelConfig> config() const override { return failure("The sample has no config."); }
    Result<std::shared_ptr<const WeightSource>> weights(WeightDType) const override {
        return failure("The sample has no weights.");
    }
    Status readStored(std::size_t, std::uint64_t, std::span<float>) const override {
        return failure("The sample has no weights.");
    }

private:
    void add(const std::string& name, std::vector<std::int64_t> shape, DType dtype) {
        std::uint64_t bytes = dtype == DType::f32 ? 4 : 2;
        for (const auto side : shape) bytes *= static_cast<std::uint64_t>(side);
        tensors_.push_back({name, dtype, std::move(shape), bytes,
                            "model-0000" + std::to_string(1 + tensors_.size() / 60) + ".safetensors"});
        bytes_ += bytes;
    }
    std::filesystem::path path_ = "sample";
    std::vector<TensorInfo> tensors_;
    std::vector<std::string> warnings_;
    std::uint64_t bytes_ = 0;
};

}  // namespace quantoscope
