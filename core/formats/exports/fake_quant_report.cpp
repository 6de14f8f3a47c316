#include "core/formats/exports/fake_quant_report.h"

#include <cmath>

namespace quantoscope::exports {
namespace {

OrderedJson optionJson(const OptionValue& value) {
    return std::visit([](const auto& held) { return OrderedJson(held); }, value);
}

/// Plain JSON has no infinities.
OrderedJson number(double value) {
    return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr);
}

OrderedJson recordJson(const FakeQuantRecord& record) {
    OrderedJson value;
    value["name"] = record.name;
    value["shape"] = {record.rows, record.columns};
    value["scheme"] = record.act_order ? "uniform groups in activation order" : "uniform groups";
    value["bits"] = record.bits;
    value["levels_max"] = 1 << record.bits;
    value["relative_error_before_rounding"] = number(record.relative_error_before);
    value["relative_error_after_rounding"] = number(record.relative_error_after);
    value["sha256"] = record.sha256;
    return value;
}

double storedBits(const std::string& dtype) {
    return dtype == "float32" ? 32.0 : 16.0;
}

std::string twoDecimals(double value) {
    const auto hundredths = std::llround(value * 100.0);
    const auto fraction = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + "." + (fraction.size() < 2 ? "0" : "") + fraction;
}

}  // namespace

double nominalBits(const FakeQuantSummary& summary) {
    double bits = 0.0;
    double weights = 0.0;
    for (const auto& linear : summary.linears) {
        const auto count = static_cast<double>(linear.rows) * static_cast<double>(linear.columns);
        bits += linear.bits_per_weight * count;
        weights += count;
    }
    return weights > 0.0 ? bits / weights : 0.0;
}

std::string fakeQuantReport(const ExportModel& model, const FakeQuantSummary& summary) {
    const auto& source = model.source();
    OrderedJson report;
    report["format"] = "fake-quant-report";
    report["version"] = 1;
    report["method"] = source.method_id;
    report["parameters"] = OrderedJson::object();
    for (const auto& [id, value] : source.method_options) report["parameters"][id] = optionJson(value);
    report["source"] = {{"name", source.model->path().filename().string()},
                        {"format", source.model->formatLabel()},
                        {"fingerprint", source.model->fingerprint()},
                        {"weights_rounded_to_bfloat16_first", source.weight_dtype == WeightDType::bfloat16}};
    report["app_version"] = QUANTOSCOPE_VERSION;
    report["dtype"] = summary.dtype;
    report["nominal_bits_per_weight"] = number(nominalBits(summary));
    report["stored_bits_per_weight"] = storedBits(summary.dtype);
    report["activation_quantization"] = "none";
    report["tensors"] = OrderedJson::array();
    for (const auto& linear : summary.linears) report["tensors"].push_back(recordJson(linear));
    report["transforms"] = summary.transforms;
    report["evaluation"] = nullptr;
    return jsonText(report);
}

std::string fakeQuantReadme(const ExportModel& model, const FakeQuantSummary& summary) {
    const auto& source = model.source();
    return "# Dequantized weights of a " + source.method_id + " result\n\nThis is a dense " + summary.dtype +
           " checkpoint made by Quantoscope " QUANTOSCOPE_VERSION " from `" + source.model->path().filename().string() +
           "`. Its linears hold the values that " + source.method_id + " quantization gives (nominally " +
           twoDecimals(nominalBits(summary)) + " bits per weight); stored they take " +
           twoDecimals(storedBits(summary.dtype)) +
           " bits per weight, so there is no size or speed gain. Activations are not quantized. It exists to evaluate "
           "the "
           "result in programs that read ordinary checkpoints; `fake_quant_report.json` has the details.\n";
}

}  // namespace quantoscope::exports
