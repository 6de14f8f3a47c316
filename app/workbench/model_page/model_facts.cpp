#include "app/workbench/model_page/model_facts.h"

#include <QCoreApplication>
#include <array>
#include <functional>
#include <map>
#include <numeric>

#include "app/workbench/model_page/what_fits.h"
#include "widgets/model_tree/model_node.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("ModelFacts", source);
}

QString parametersText(std::int64_t count) {
    const auto value = static_cast<double>(count);
    if (value >= 1e9) return QStringLiteral("%1 B").arg(value / 1e9, 0, 'f', 2);
    if (value >= 1e5) return QStringLiteral("%1 M").arg(value / 1e6, 0, 'f', 1);
    return countText(count);
}

FactSection architecture(const OpenModel& model) {
    FactSection section;
    if (!model.config) {
        section.note = model.config_problem;
        return section;
    }
    const auto& config = *model.config;
    section.facts = {
        {text("Architecture"), QString::fromStdString(config.architecture), {}},
        {text("Parameters"), countText(model.files->parameterCount()), text("Tied weights counted once")},
        {text("Blocks"), countText(config.block_count), {}},
        {text("Hidden size"), countText(config.hidden_size), {}},
        {text("MLP size"), countText(config.intermediate_size), {}},
        {text("Heads · key/value"), QStringLiteral("%1 · %2").arg(config.head_count).arg(config.kv_head_count), {}},
        {text("Context"), countText(config.context_length), text("Tokens the model was made for")},
        {text("Vocabulary"), countText(config.vocab_size), {}},
        {text("RoPE base"), countText(static_cast<std::int64_t>(config.rope_theta)), {}},
        {text("Embedding tied to head"), config.tie_word_embeddings ? text("yes") : text("no"), {}}};
    return section;
}

enum Part { embeddings, attention, mlp, norms, head, other, part_count };

Part partOf(const TensorInfo& tensor) {
    const auto has = [&](const char* word) { return tensor.name.find(word) != std::string::npos; };
    if (const auto role = tensorPlace(tensor.name).role) return *role <= LinearRole::o_proj ? attention : mlp;
    if (has("embed_tokens") || has("token_embd")) return embeddings;
    if (has("lm_head") || tensor.name == "output.weight") return head;
    return tensor.shape.size() == 1 && has("norm") ? norms : other;
}

struct PartSize {
    std::int64_t parameters = 0;
    std::uint64_t bytes = 0;

    void add(const TensorInfo& tensor) {
        parameters += std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t{1}, std::multiplies{});
        bytes += tensor.bytes;
    }
    QString text() const { return parametersText(parameters) + QStringLiteral(" · ") + bytesText(bytes); }
};

/// Where the parameters are; needs headers only.
FactSection parts(const OpenModel& model) {
    std::array<PartSize, part_count> sizes;
    PartSize block;
    for (const auto& tensor : model.files->tensors()) {
        sizes[partOf(tensor)].add(tensor);
        if (tensorPlace(tensor.name).block == 0) block.add(tensor);
    }
    const std::array<QString, part_count> names{text("Embeddings"), text("Attention"), text("MLP"),
                                                text("Norms"),      text("Head"),      text("Other")};
    FactSection section;
    section.heading = text("Parameters by part");
    for (std::size_t part = 0; part < part_count; ++part)
        if (sizes[part].parameters > 0)
            section.facts.push_back({names[part], sizes[part].text(), text("Parameters · bytes in the file")});
    if (block.parameters > 0) section.facts.push_back({text("Each block"), block.text(), text("As the first block")});
    return section;
}

FactSection storage(const OpenModel& model) {
    FactSection section;
    section.heading = text("Files");
    std::map<std::string, std::uint64_t> bytes_by_type;
    for (const auto& tensor : model.files->tensors())
        bytes_by_type[std::string(dtypeName(tensor.dtype))] += tensor.bytes;
    section.facts.push_back({text("Format"), QString::fromStdString(model.files->formatLabel()), model.path});
    section.facts.push_back({text("Tensors"), countText(static_cast<std::int64_t>(model.files->tensors().size())), {}});
    section.facts.push_back({text("Size"), bytesText(model.files->totalBytes()), {}});
    for (const auto& [name, bytes] : bytes_by_type)
        section.facts.push_back({QString::fromStdString(name), bytesText(bytes), {}});
    return section;
}

FactSection language(const OpenModel& model) {
    FactSection section;
    section.heading = text("Text");
    if (!model.text_known) {
        section.note = text("Reading the tokenizer…");
        return section;
    }
    section.facts.push_back({text("Tokenizer"), model.has_tokenizer ? model.tokenizer : text("none"), model.tokenizer,
                             model.has_tokenizer ? FactTone::plain : FactTone::bad});
    section.facts.push_back(
        {text("Chat template"), model.chat_problem.isEmpty() ? text("yes") : text("none"), model.chat_problem});
    return section;
}

FactSection warnings(const OpenModel& model) {
    FactSection section;
    section.heading = text("Warnings");
    QStringList lines;
    for (const auto& warning : model.files->warnings()) lines.append(QString::fromStdString(warning));
    section.note = lines.join(QLatin1Char('\n'));
    return section;
}

}  // namespace

QString modelSummary(const OpenModel& model) {
    QStringList parts;
    if (model.config) parts << text("%1 blocks").arg(model.config->block_count);
    parts << text("%1 parameters").arg(parametersText(model.files->parameterCount()))
          << bytesText(model.files->totalBytes()) << QString::fromStdString(model.files->formatLabel());
    return parts.join(QStringLiteral(" · "));
}

std::vector<FactSection> modelFacts(const OpenModel& model, const QString& runs_folder) {
    std::vector<FactSection> sections{architecture(model)};
    if (model.config)
        sections.push_back(whatFits(*model.config, model.files->parameterCount(), thisMachine(runs_folder)));
    sections.push_back(parts(model));
    sections.push_back(storage(model));
    sections.push_back(language(model));
    if (!model.files->warnings().empty()) sections.push_back(warnings(model));
    return sections;
}

}  // namespace quantoscope
