// If this fails, a person paints bits on other linears than those under the mouse, or cannot do it from the keyboard.
#include "widgets/bits_map/bits_map.h"

#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/warnings.h"

using namespace quantoscope;
using Painted = std::pair<QList<HeatmapCell>, std::optional<std::int64_t>>;

class BitsMapTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        failOnQtWarnings();
        map_ = std::make_unique<BitsMap>();
        map_->resize(500, 260);
        BitsMapData data(6);
        for (auto& block : data) block.fill({4, false});
        data[2][6] = {8, true};
        data[3][0] = {BitsCell::kSkipped, false};
        map_->setData(data);
        map_->setWidths({8, 3, 4, 2});
        painted_.clear();
        connect(map_.get(), &BitsMap::painted, map_.get(),
                [this](const QList<HeatmapCell>& cells, std::optional<std::int64_t> bits) {
                    painted_.push_back({cells, bits});
                });
        map_->show();
        QVERIFY(QTest::qWaitForWindowExposed(map_.get()));
    }

    void aStrokePaintsTheCellsItCrosses() {
        map_->setBrush(3);
        QTest::mousePress(map_.get(), Qt::LeftButton, {}, at({1, 2}));
        for (const int block : {1, 2, 3}) QTest::mouseMove(map_.get(), at({block, 2}));
        QVERIFY(painted_.empty());  // not before the button is up
        QTest::mouseRelease(map_.get(), Qt::LeftButton, {}, at({3, 2}));
        QCOMPARE(painted_.size(), std::size_t{1});
        QCOMPARE(painted_[0].first, (QList<HeatmapCell>{{1, 2}, {2, 2}, {3, 2}}));
        QCOMPARE(painted_[0].second, std::optional<std::int64_t>(3));
    }

    void escapeGivesAStrokeUp() {
        map_->setBrush(3);
        QTest::mousePress(map_.get(), Qt::LeftButton, {}, at({1, 2}));
        QTest::keyClick(map_.get(), Qt::Key_Escape);
        QTest::mouseRelease(map_.get(), Qt::LeftButton, {}, at({1, 2}));
        QVERIFY(painted_.empty());
    }

    void keysPaintTheSelectedCell() {
        map_->setBrush(2);
        map_->setFocus();
        map_->setSelected(HeatmapCell{0, 0});
        QTest::keyClick(map_.get(), Qt::Key_Right);
        QTest::keyClick(map_.get(), Qt::Key_Down);
        QTest::keyClick(map_.get(), Qt::Key_Space);
        QTest::keyClick(map_.get(), Qt::Key_8);
        QTest::keyClick(map_.get(), Qt::Key_7);  // not a width of the sweep
        QTest::keyClick(map_.get(), Qt::Key_Delete);
        QCOMPARE(painted_.size(), std::size_t{3});
        const HeatmapCell cell{1, 1};
        QCOMPARE(painted_[0], Painted({cell}, 2));
        QCOMPARE(painted_[1], Painted({cell}, 8));
        QCOMPARE(painted_[2], Painted({cell}, std::nullopt));
        QVERIFY(map_->accessibleDescription().contains(QStringLiteral("layers.1.self_attn.k_proj: 4 bits")));
    }

    void theTableSaysWhatIsShown() {
        const auto table = map_->viewTable();
        QCOMPARE(table.rows.size(), 6);
        QCOMPARE(table.rows[2][7], QStringLiteral("8"));
        QCOMPARE(table.rows[3][1], QStringLiteral("skip"));
    }

    void anEmptyMapTakesNoStroke() {
        map_->setData({});
        QTest::mouseClick(map_.get(), Qt::LeftButton, {}, QPoint(100, 100));
        QTest::keyClick(map_.get(), Qt::Key_Space);
        QVERIFY(painted_.empty());
        QVERIFY(!map_->grab().isNull());
    }

private:
    QPoint at(HeatmapCell cell) const { return map_->cellRect(cell).center().toPoint(); }
    std::unique_ptr<BitsMap> map_;
    std::vector<Painted> painted_;
};

QTEST_MAIN(BitsMapTest)
#include "bits_map_test.moc"
