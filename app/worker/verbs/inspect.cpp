#include "app/worker/verbs/inspect.h"

#include "app/worker/verbs/json_text.h"
#include "core/formats/model_files.h"
#include "core/tensor/dtype.h"

namespace quantoscope {
namespace {

Json configJson(const ModelConfig& config) {
    return Json{{"hidden_size", config.hidden_size},     {"intermediate_size", config.intermediate_size},
                {"block_count", config.block_count},     {"head_count", config.head_count},
                {"kv_head_count", config.kv_head_count}, {"head_dim", config.head_dim},
                {"vocab_size", config.vocab_size},       {"context_length", config.context_length},
                {"rope_theta", config.rope_theta},       {"tie_word_embeddings", config.tie_word_embeddings}};
}

/// Memory that the linears take at each bit width with groups of 128 and float16 scales; the rest stays 16 bit.
Json memoryJson(const ModelConfig& config, std::int64_t parameter_count) {
    double linears = 0.0;
    for (const auto role : kLinearRoles)
        linears += static_cast<double>(linearRows(config, role) * linearColumns(config, role) * config.block_count);
    const double rest = (static_cast<double>(parameter_count) - linears) * 2.0;
    Json rows = Json::array();
    rows.push_back(
        Json{{"bits", 16}, {"bytes", static_cast<std::int64_t>(static_cast<double>(parameter_count) * 2.0)}});
    for (const int bits : {8, 4, 3, 2})
        rows.push_back(
            Json{{"bits", bits},
                 {"bytes", static_cast<std::int64_t>(rest + linears * (bits + (16.0 + bits) / 128.0) / 8.0)}});
    return rows;
}

Result<Json> run(Invocation& invocation) {
    QS_ASSIGN(const auto model, ModelFiles::open(invocation.arguments.positional[0]));
    Json object;
    const auto config = model->config();
    object["architecture"] = config ? config->architecture : std::string("unknown");
    object["block_count"] = config ? config->block_count : 0;
    object["parameter_count"] = model->parameterCount();
    object["format"] = model->formatLabel();
    object["total_bytes"] = model->totalBytes();
    if (config) {
        object["config"] = configJson(*config);
        object["memory"] = memoryJson(*config, model->parameterCount());
    }
    object["tensors"] = Json::array();
    for (const auto& tensor : model->tensors())
        object["tensors"].push_back(Json{{"name", tensor.name},
                                         {"dtype", dtypeName(tensor.dtype)},
                                         {"shape", tensor.shape},
                                         {"bytes", tensor.bytes},
                                         {"file", tensor.file}});
    object["warnings"] = model->warnings();
    return object;
}

std::string describe(const Json& object) {
    std::string text = object["architecture"].get<std::string>() + ", " + object["format"].get<std::string>() + ", " +
                       std::to_string(object["block_count"].get<std::int64_t>()) + " blocks, " +
                       std::to_string(object["parameter_count"].get<std::int64_t>()) + " parameters, " +
                       bytesText(object["total_bytes"].get<double>()) + "\n\n";
    std::vector<std::vector<std::string>> rows{{"tensor", "dtype", "shape", "size"}};
    for (const auto& tensor : object["tensors"])
        rows.push_back({tensor["name"].get<std::string>(), tensor["dtype"].get<std::string>(), tensor["shape"].dump(),
                        bytesText(tensor["bytes"].get<double>())});
    text += tableText(rows);
    if (object.contains("memory")) {
        std::vector<std::vector<std::string>> memory{{"bits", "weights in memory"}};
        for (const auto& row : object["memory"])
            memory.push_back({row["bits"].dump(), bytesText(row["bytes"].get<double>())});
        text += "\n\n" + tableText(memory);
    }
    for (const auto& warning : object["warnings"]) text += "\nwarning: " + warning.get<std::string>();
    return text;
}

}  // namespace

Verb inspectVerb() {
    return {"inspect",
            "MODEL",
            "Shows architecture, tensors and sizes from headers alone.",
            [](const auto&) -> Result<std::vector<OptionDescription>> { return std::vector<OptionDescription>{}; },
            run,
            describe};
}

}  // namespace quantoscope
