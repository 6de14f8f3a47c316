// If this fails, a chat model is asked in another format than it was trained on and answers badly.
#include "core/formats/tokenizer/chat_template.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/support/test_files.h"

using namespace quantoscope;
using Json = nlohmann::json;

class ChatTemplateTest : public QObject {
    Q_OBJECT
private slots:
    void smollm2AsItsOwnTemplateWritesIt() {
        QS_SHARED_FILE(path, "golden/smollm2/tokenizer.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto document = Json::parse(file.readAll().toStdString());
        for (const auto& chat : document["values"]["chat"]) {
            std::vector<ChatMessage> messages;
            for (const Json& message : chat["messages"]) messages.push_back({message["role"], message["content"]});
            for (const char* model : {"models/smollm2", "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"}) {
                const auto text =
                    renderChat(test::sharedFile(model).toStdString(), messages, chat["add_generation_prompt"]);
                QVERIFY2(text.has_value(), text.has_value() ? "" : text.error().message.c_str());
                QCOMPARE(*text, chat["text"].get<std::string>());
            }
        }
    }
    void llama3HasOneBosAndTrimsContents() {
        QS_SHARED_FILE(model, "models/tokenizers/llama3");
        const std::vector<ChatMessage> messages{{"user", " Hi \n"}};
        const auto text = renderChat(model.toStdString(), messages, false);
        QVERIFY(text.has_value());
        // The first release's template always asks for the answer.
        QCOMPARE(*text, std::string("<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                                    "<|start_header_id|>assistant<|end_header_id|>\n\n"));
        const auto tokenizer = openTokenizer(model.toStdString());
        QVERIFY(tokenizer.has_value());
        const auto ids = (*tokenizer)->encode(*text, {.add_special = false}, JobContext());
        QCOMPARE(std::count(ids->begin(), ids->end(), 128000), 1);
    }
    void llama3WithoutBosInTheTemplate() {
        QS_SHARED_FILE(model, "golden/llama-tied-tiny");
        const std::vector<ChatMessage> messages{{"user", "Hi"}};
        QCOMPARE(*renderChat(model.toStdString(), messages, false),
                 std::string("<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"));
    }
    void llama2TurnsAlternate() {
        const ChatTemplate chat{"{{ bos_token + '[INST] ' ... '<<SYS>>' ... ' [/INST]' }}", "<s>", "</s>"};
        const std::vector<ChatMessage> messages{{"system", "S"}, {"user", "a "}, {"assistant", " b"}, {"user", "c"}};
        QCOMPARE(*renderTemplate(chat, messages, true),
                 std::string("<s>[INST] <<SYS>>\nS\n<</SYS>>\n\na [/INST] b </s><s>[INST] c [/INST]"));
        const std::vector<ChatMessage> twice{{"user", "a"}, {"user", "b"}};
        QCOMPARE(renderTemplate(chat, twice, true).error().kind, ErrorKind::usage);
    }
    void otherTemplatesAreRefused() {
        const std::vector<ChatMessage> messages{{"user", "Hi"}};
        const ChatTemplate chat{"{{ '<|im_start|>' + role }} tools", "", ""};
        QVERIFY(renderTemplate(chat, messages, true).error().message.find("not one of those known") !=
                std::string::npos);
        QTemporaryDir folder;
        QVERIFY(renderChat(folder.path().toStdString(), messages, true).error().message.find("no chat template") !=
                std::string::npos);
    }
};
QTEST_APPLESS_MAIN(ChatTemplateTest)
#include "chat_template_test.moc"
