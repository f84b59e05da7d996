"""What reading citations and figures costs beside judging, on articles that cite little and that cite much.

`python -m bench.citing [--config config.toml]` prints microseconds an article of 3.3 KB and the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.judging import ARTICLES, CHARACTERS
from crawler.config import load
from crawler.judging import compile_rules
from crawler.judging.citing import cite, cited_documents
from crawler.judging.ruletext import RuleText
from storage.records import Article

ROUNDS = 9
_NEWS = (
    "Sáng nay, Ủy ban nhân dân tỉnh họp đánh giá vụ đông xuân; giá lúa cao hơn năm trước khoảng 8%.",
    "Trường trung học cơ sở đón 420 học sinh lớp 6, tăng một phần mười so với năm học trước.",
    "Tuyến đường liên huyện được thảm nhựa, giúp bà con chở nông sản ra chợ đầu mối nhanh hơn.",
    "Bệnh viện đa khoa khuyến cáo người dân tiêm phòng cúm, nhất là người già và trẻ nhỏ.",
    "Giá vàng trong nước sáng 23/11 giảm nhẹ; tỷ giá trung tâm không đổi, theo ngân hàng.",
)
# A report on how a directive was carried out: a document or a figure in every sentence.
_REPORT = (
    "Thực hiện Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư (khóa XII), có Kế hoạch số 7-KH/TU.",
    "Đến nay có 1.250 mô hình, 70/85 xã đạt 98,5% chỉ tiêu theo Kết luận 44 và Nghị định 40/2024/NĐ-CP.",
    "Hơn 2.000 hộ dân tham gia, gần 15.600 lượt người nghe tuyên truyền Chỉ thị số 09-CT/TW ngày 1/12/2011.",
)


def main() -> None:
    """Measures citing against judging by the shipped rules, and what one `cites:` adds to judging."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    shipped = load(parser.parse_args().config).rules
    asking = (*shipped, RuleText("cites", "Cites", query="cites:(KL-44-TW@2019 OR CT-9-TW@2011)"))
    for name, sentences in {"everyday news": _NEWS, "reports full of citations": _REPORT}.items():
        some = [_article(sentences)] * ARTICLES
        judge, asked = compile_rules(shipped), compile_rules(asking)
        judging, with_cites, documents, everything = _measured(
            [
                _over(some, judge.flags),
                _over(some, asked.flags),
                _over(some, cited_documents),
                _over(some, cite),
            ],
            some,
        )
        print(f"{name}: judging {judging:.0f} µs an article; with a rule that asks `cites:` {with_cites:.0f}")
        print(f"  documents {documents:.0f} µs, ratio {documents / judging:.2f}")
        print(f"  documents and figures {everything:.0f} µs, ratio {everything / judging:.2f}")


def _over(some: Sequence[Article], work: Callable[[Article], object]) -> Callable[[], object]:
    return lambda: [work(one) for one in some]


def _measured(works: Sequence[Callable[[], object]], some: Sequence[Article]) -> list[float]:
    """Medians in microseconds an article, the works taking turns so that a busy machine is fair to all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, spent in zip(works, times, strict=True):
            begun = time.process_time()
            work()
            spent.append((time.process_time() - begun) / len(some) * 1e6)
    return [statistics.median(spent) for spent in times]


def _article(sentences: Sequence[str]) -> Article:
    told: list[str] = []
    while sum(map(len, told)) < CHARACTERS:
        told.append(sentences[len(told) % len(sentences)])
    body = "\n\n".join(told[1:])
    url = "https://bench.example.vn/1"
    return Article("bench:1", "bench", url, told[0], None, body, (), None, (), None, ())


if __name__ == "__main__":
    main()
