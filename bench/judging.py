"""What judging costs beside the least it could cost: NFC, lower case and one search for the same phrases.

`python -m bench.judging [--config config.toml]` prints microseconds an article and the ratio.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from crawler.config import load
from crawler.judging import Judge, compile_rules
from crawler.judging.binding import literals
from crawler.judging.ruletext import RuleText
from storage.records import Article

ARTICLES = 400
CHARACTERS = 3_300  # the mean length of a news article
ROUNDS = 9

# Everyday news that no rule is about; in one article of eight stands a sentence that some rule looks at.
_SENTENCES = (
    "Sáng nay, Ủy ban nhân dân tỉnh tổ chức hội nghị đánh giá sản xuất vụ đông xuân – vụ lớn nhất năm.",
    "Theo ông Nguyễn Văn Bình, Giám đốc Sở Nông nghiệp, “giá lúa năm nay cao hơn năm trước khoảng 8%”.",
    "Các xã ven biển đã gieo cấy xong, trong khi vùng đồi còn thiếu nước tưới cho gần 300 ha.",
    "Trường trung học cơ sở Hòa Bình đón 420 học sinh lớp 6, tăng gần một phần mười so với năm học trước.",
    "Tuyến đường liên huyện dài 12 km được thảm nhựa, giúp bà con chở nông sản ra chợ đầu mối.",
    "Đội bóng chuyền nữ của tỉnh thắng 3–1 trong trận chung kết tối qua tại nhà thi đấu đa năng.",
    "Bệnh viện đa khoa khuyến cáo người dân tiêm phòng cúm, nhất là người già và trẻ nhỏ.",
    "Giá vàng trong nước sáng 23/11 giảm nhẹ; tỷ giá trung tâm không đổi.",
    "Lãnh đạo thành phố yêu cầu các phường thu gom rác đúng giờ, không để ùn ứ dịp cuối năm.",
    "Hàng trăm hộ dân đã ký cam kết bảo đảm an toàn giao thông, giữ vỉa hè thông thoáng.",
)
_RARE = (
    "Công an phường phối hợp với tổ dân phố giữ gìn an ninh, trật tự trong đêm hội.",
    "Nhân dân hưởng ứng phong trào toàn dân bảo vệ an ninh Tổ quốc.",
)


def main() -> None:
    """Measures the shipped rules, the same padded to 500 phrases, and to 50 and 5,000 for the slope."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    shipped = load(parser.parse_args().config).rules
    articles = _articles()
    for name, rules in {
        "shipped rules": shipped,
        "50 phrases in 12 rules": _padded((), 50),
        "500 phrases in 12 rules": _padded((), 500),
        "5,000 phrases in 12 rules": _padded((), 5_000),
        "shipped + 500 phrases": _padded(shipped, 500),
    }.items():
        judge = compile_rules(rules)
        ours, least = _measured([_judging(judge, articles), _least(judge, articles)])
        print(f"{name:28} {ours:7.1f} µs an article, least {least:6.1f}, ratio {ours / least:.2f}")


def _judging(judge: Judge, articles: Sequence[Article]) -> Callable[[], object]:
    return lambda: [judge.flags(article) for article in articles]


def _least(judge: Judge, articles: Sequence[Article]) -> Callable[[], object]:
    phrases = {" ".join(one.syllables) for rule in judge.rules for one in literals(rule.node)}
    search = AhoCorasick(sorted(phrases)).find_matches_as_indexes

    def once() -> object:
        found = []
        for article in articles:
            text = unicodedata.normalize("NFC", f"{article.title}\n{article.lead}\n{article.body}").lower()
            for rare, plain in (
                ("\u00f0", "đ"),
                ("\u01a3", "ư"),
                ("\u00a0", " "),
                ("–", "-"),
                ("“", '"'),
                ("”", '"'),
            ):
                if rare in text:
                    text = text.replace(rare, plain)
            found.append(search(text, overlapping=True))
        return found

    return once


def _measured(works: Sequence[Callable[[], object]]) -> list[float]:
    """Medians in microseconds an article, the works taking turns so that a busy machine is fair to all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, spent in zip(works, times, strict=True):
            begun = time.process_time()
            work()
            spent.append((time.process_time() - begun) / ARTICLES * 1e6)
    return [statistics.median(spent) for spent in times]


def _padded(rules: Sequence[RuleText], phrases: int) -> tuple[RuleText, ...]:
    """The rules and twelve more, with so many made-up phrases of three to five syllables between them."""
    chance = random.Random(1)
    syllables = sorted({word.strip("“”,.;–%").lower() for text in _SENTENCES for word in text.split()} - {""})
    syllables = [syllable for syllable in syllables if syllable.isalpha()]
    made = [" ".join(chance.choices(syllables, k=chance.randint(3, 5))) for _ in range(phrases)]
    return *rules, *(RuleText(f"made_{n}", "Made", any_of=tuple(made[n::12])) for n in range(12))


def _articles() -> list[Article]:
    chance = random.Random(2)
    return [_article(number, chance) for number in range(ARTICLES)]


def _article(number: int, chance: random.Random) -> Article:
    sentences: list[str] = []
    while sum(map(len, sentences)) < CHARACTERS:
        sentences.append(chance.choice(_RARE if chance.random() < 0.004 else _SENTENCES))
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(1, len(sentences), 3)]
    return Article(
        key=f"bench:{number}",
        source="bench",
        url=f"https://bench.example.vn/{number}",
        title=sentences[0],
        lead=None,
        body="\n\n".join(paragraphs),
        authors=(),
        section=None,
        tags=(),
        published=None,
        images=(),
    )


if __name__ == "__main__":
    main()
