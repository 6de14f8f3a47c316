#include "core/formats/exporter.h"

#include "core/formats/exports/awq_export.h"
#include "core/formats/exports/fake_quant_export.h"
#include "core/formats/exports/gptq_export.h"

namespace quantoscope {

const std::vector<FormatDescription>& exportFormats() {
    static const std::vector<FormatDescription> formats{exports::gptqFormat(), exports::awqFormat(),
                                                        exports::fakeQuantFormat()};
    return formats;
}

Result<const FormatDescription*> findExportFormat(std::string_view id) {
    std::vector<std::string> ids;
    std::string known;
    for (const auto& format : exportFormats()) {
        if (format.id == id) return &format;
        ids.push_back(format.id);
        known += (known.empty() ? "" : ", ") + format.id;
    }
    const auto near = nearestWord(id, ids);
    return usageError("there is no export format '" + std::string(id) + "'" +
                      (near.empty() ? "; the formats are " + known : "; did you mean '" + near + "'?"));
}

}  // namespace quantoscope
