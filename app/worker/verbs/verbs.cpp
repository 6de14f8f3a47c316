// The list of verbs, in the order of --help.
#include "app/worker/cli/verb.h"
#include "app/worker/verbs/assign.h"
#include "app/worker/verbs/bench.h"
#include "app/worker/verbs/cached.h"
#include "app/worker/verbs/compare.h"
#include "app/worker/verbs/describe.h"
#include "app/worker/verbs/difference.h"
#include "app/worker/verbs/evaluate.h"
#include "app/worker/verbs/export.h"
#include "app/worker/verbs/generate.h"
#include "app/worker/verbs/inspect.h"
#include "app/worker/verbs/plan.h"
#include "app/worker/verbs/quantize.h"
#include "app/worker/verbs/reference.h"
#include "app/worker/verbs/run.h"
#include "app/worker/verbs/scores.h"
#include "app/worker/verbs/sensitivity.h"
#include "app/worker/verbs/tokenize.h"
#include "app/worker/verbs/verify.h"

namespace quantoscope {

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> list{
        inspectVerb(),  cachedVerb(),  methodsVerb(),    benchmarksVerb(),  formatsVerb(), metricsVerb(),
        planVerb(),     runVerb(),     quantizeVerb(),   sensitivityVerb(), assignVerb(),  evaluateVerb(),
        scoresVerb(),   compareVerb(), differenceVerb(), generateVerb(),    exportVerb(),  verifyVerb(),
        tokenizeVerb(), benchVerb(),   referenceVerb()};
    return list;
}

}  // namespace quantoscope
