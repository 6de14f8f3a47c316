#include "core/methods/awq.h"
#include "core/methods/gptq.h"
#include "core/methods/method.h"
#include "core/methods/rtn.h"

namespace quantoscope {

const std::vector<MethodDescription>& methods() {
    static const std::vector<MethodDescription> all{rtnMethod(), gptqMethod(), awqMethod()};
    return all;
}

Result<const MethodDescription*> findMethod(std::string_view id) {
    std::vector<std::string> ids;
    std::string listed;
    for (const auto& method : methods()) {
        if (method.id == id) return &method;
        ids.push_back(method.id);
        listed += (listed.empty() ? "" : ", ") + method.id;
    }
    const auto near = nearestWord(id, ids);
    return usageError("there is no method '" + std::string(id) + "'" +
                      (near.empty() ? "; the methods are " + listed : "; did you mean '" + near + "'?"));
}

}  // namespace quantoscope
