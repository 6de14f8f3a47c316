// If this fails, a recipe file would run something else than it says, or a typing error in it would be ignored.
#include "core/pipeline/recipe.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/methods/method.h"

using namespace quantoscope;

namespace {

Recipe sweep() {
    Recipe recipe;
    recipe.model = "models/some model.gguf";
    recipe.calibration.data = "text.txt";
    recipe.calibration.samples = 16;
    recipe.calibration.sampling = Sampling::sequential;
    for (const auto& method : methods()) recipe.methods.push_back({method.id, {}});
    recipe.bits = {8, 4, 3};
    recipe.group_sizes = {64, -1};
    recipe.evaluations = {{"wikitext2", "wiki.raw", 1024, 10, Precision::float32}};
    recipe.exports = {{"fake-quant", "", {}}};
    return recipe;
}

bool mentions(const Error& error, const char* words) {
    return error.message.find(words) != std::string::npos;
}

}  // namespace

class RecipeTest : public QObject {
    Q_OBJECT
private slots:
    void writingAndReadingGivesTheSame() {
        const auto text = recipeJson(sweep());
        const auto again = parseRecipe(text);
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(recipeJson(*again), text);
    }
    void unknownKeysNameTheNearest() {
        auto text = recipeJson(sweep());
        text.replace(text.find("\"group_sizes\""), 13, "\"group_size\"");
        const auto recipe = parseRecipe(text);
        QVERIFY(!recipe.has_value());
        QVERIFY2(mentions(recipe.error(), "'group_sizes'"), recipe.error().message.c_str());
    }
    void wrongTypesNameThePlace() {
        const auto recipe = parseRecipe(R"({"schema_version": 1, "calibration": {"samples": "many"}})");
        QVERIFY(!recipe.has_value());
        QVERIFY2(mentions(recipe.error(), "calibration: 'samples'"), recipe.error().message.c_str());
    }
    void newerSchemasAndBrokenJsonAreRefused() {
        QVERIFY(mentions(parseRecipe(R"({"schema_version": 2})").error(), "newer"));
        QVERIFY(!parseRecipe("{").has_value());
        QVERIFY(!parseRecipe("[]").has_value());
        QVERIFY(mentions(parseRecipe("{}").error(), "schema_version"));
    }
    void theSweepIsTheProduct() {
        const auto all = configurations(sweep());
        QVERIFY2(all.has_value(), all ? "" : all.error().message.c_str());
        QCOMPARE(all->size(), methods().size() * 3 * 2);
        QCOMPARE(all->front().id, methods().front().id + "-w8-g64");
        QCOMPARE((*all)[1].id, methods().front().id + "-w8-channel");
    }
    void optionsThatDifferShowInTheId() {
        auto recipe = sweep();
        const auto& first = methods().front();
        const auto flag = std::ranges::find(first.options, OptionType::boolean, &OptionDescription::type);
        if (flag == first.options.end()) QSKIP("the first method has no boolean option");
        recipe.methods = {{first.id, {{flag->id, !std::get<bool>(flag->default_value)}}}};
        const auto all = configurations(recipe);
        QVERIFY(all.has_value());
        QVERIFY(all->front().id.find(flag->id) != std::string::npos);
    }
    void bitsOfSingleLinearsAreKeptAndNamed() {
        auto recipe = sweep();
        QVERIFY(recipeJson(recipe).find("layer_bits") == std::string::npos);
        recipe.layer_bits = *parseLayerBits("*.v_proj=8,0-1.*=skip");
        const auto again = parseRecipe(recipeJson(recipe));
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QVERIFY(again->layer_bits == recipe.layer_bits);
        const auto mixed = configurations(recipe);
        QVERIFY(mixed.has_value());
        QVERIFY(mixed->front().id.starts_with(methods().front().id + "-w8-g64-mixed-"));
        auto other = recipe;
        other.layer_bits.front().bits = 4;
        QVERIFY(configurations(other)->front().id != mixed->front().id);

        recipe.layer_bits = *parseLayerBits("3.v_proj=16");  // no method has as many
        const auto refused = configurations(recipe);
        QVERIFY(!refused && mentions(refused.error(), "3.v_proj=16"));
        const auto typo = parseRecipe(R"({"schema_version": 1, "layer_bits": ["3.v_prj=4"]})");
        QVERIFY(!typo && mentions(typo.error(), "did you mean 'v_proj'"));
        const auto number = parseRecipe(R"({"schema_version": 1, "layer_bits": [4]})");
        QVERIFY(!number && mentions(number.error(), "layer_bits[0]"));
    }
    void theCommandHasBitsOfSingleLinears() {
        Recipe recipe;
        recipe.model = "m";
        recipe.methods = {{methods().front().id, {}}};
        recipe.layer_bits = *parseLayerBits("*.v_proj=8,3.q_proj+k_proj=skip");
        const auto command = recipeCommand(recipe, "run");
        QVERIFY2(command.find("--layer-bits '*.v_proj=8,3.q_proj+k_proj=skip'") != std::string::npos, command.c_str());
    }
    void impossibleChipsSayWhy() {
        auto recipe = sweep();
        recipe.bits = {17};
        QVERIFY(mentions(configurations(recipe).error(), "bits"));
        recipe = sweep();
        recipe.methods.push_back(recipe.methods.front());
        QVERIFY(mentions(configurations(recipe).error(), "twice"));
    }
    void oneConfigurationHasACommandLine() {
        auto recipe = sweep();
        recipe.methods.resize(1);
        recipe.bits = {4};
        recipe.group_sizes = {64};
        recipe.evaluations.clear();
        recipe.exports.clear();
        const auto command = recipeCommand(recipe, "runs/a");
        QVERIFY2(command.starts_with("quantoscope-worker quantize 'models/some model.gguf' --method "),
                 command.c_str());
        QVERIFY(command.find("--sampling sequential") != std::string::npos);
        QCOMPARE(recipeCommand(recipe, "runs/a", "my recipe.json"),
                 std::string("quantoscope-worker run 'my recipe.json' --run runs/a"));
    }
    void pathsBesideTheFileAreFound() {
        const QTemporaryDir folder;
        for (const auto* name : {"text.txt", "recipe.json"}) {
            QFile file(folder.filePath(QLatin1String(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            if (QLatin1String(name) == QLatin1String("recipe.json"))
                file.write(QByteArray::fromStdString(recipeJson(sweep())));
        }
        const auto read = readRecipeFile(folder.filePath(QStringLiteral("recipe.json")).toStdString());
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QCOMPARE(QString::fromStdString(read->calibration.data), folder.filePath(QStringLiteral("text.txt")));
        QCOMPARE(read->model, sweep().model);  // nothing lies there: as written
        QFile broken(folder.filePath(QStringLiteral("broken.json")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        const auto error = readRecipeFile(broken.fileName().toStdString()).error();
        QCOMPARE(QString::fromStdString(error.path), broken.fileName());
    }
};
QTEST_APPLESS_MAIN(RecipeTest)
#include "recipe_test.moc"
