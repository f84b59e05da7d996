"""What is wrong with a query, said in Vietnamese: the grammar says it in English, as rules are told; pure."""

from __future__ import annotations

import re

# What stands in the grammar's sentences, and what it is in Vietnamese; {1} is what a group caught.
_SENTENCES = (
    (r"a query is at most (\d+) characters long, not (\d+)", "một câu tìm dài nhất {1} ký tự, đây là {2}"),
    (r"expected a phrase; the query is empty", "câu tìm còn trống"),
    (r"more than (\d+) NEAR or EXCEPT in a row; .*", "quá {1} NEAR hay EXCEPT nối nhau"),
    (r"more than (\d+) phrases; .*", "quá {1} cụm từ"),
    (r"more than (\d+) levels within one another; .*", "quá {1} tầng ngoặc lồng nhau"),
    (
        r"expected (O?NEAR)/ and a number of syllables up to (\d+), .*, not '(.*)'",
        "sau {1} cần /số tiếng (nhiều nhất {2}), /sentence hay /paragraph, như {1}/10; ở đây là {3}",
    ),
    (r"there is no field '(.*)'; did you mean (.*)\?", "không có trường {1}:; có phải bạn muốn viết {2}?"),
    (r"there is no field '(.*)'; there are (.*)", "không có trường {1}:; chỉ có {2}"),
    (
        r"expected a document, like .*, not '(.*)'",
        "{1} không phải một văn bản; hãy viết như 44-KL/TW, Kết luận 44, 40/2024/NĐ-CP",
    ),
    (r"expected one like 2026.*", "cần một ngày như 23/11/2026, 2026-11, 2026, hay hai ngày nối bằng .."),
    (
        r"'(.*)' is no day, month or year; .*",
        "{1} không phải ngày, tháng hay năm; hãy viết như 23/11/2026, 2026-11 hay 2026-11-01..2026-11-15",
    ),
    (r"'(.*)' ends before it begins", "{1} kết thúc trước khi bắt đầu"),
    (r"a count is 1 to (\d+), not (.*)", "số lần từ 1 đến {1}, không phải {2}"),
    (r"(\d+) of (\d+) can never be", "chỉ có {2} vế thì không thể đúng {1}"),
    (r"a threshold is more than 0 and at most (\d+)", "ngưỡng điểm phải lớn hơn 0 và không quá {1}"),
    (r"these weights never come to (.*)", "các điểm này cộng lại không bao giờ tới {1}"),
    (r"expected a weight like .*, not '(.*)'", "{1} không phải trọng số; hãy viết như ^2, ^0.5 hay ^-3"),
    (r"(\S+) joins phrases, or phrases joined by OR; .*", "{1} chỉ nối cụm từ (hay cụm từ nối bằng OR)"),
    (r"expected a closing quote for this .*", "dấu ngoặc kép này chưa đóng"),
    (r"'(.*)' means nothing here", "{1} không có nghĩa gì ở đây"),
    (r"expected a syllable, not '(.*)'", "cần một tiếng, không phải {1}"),
    (r"expected syllables, not '(.*)'", "cần chữ, không phải {1}"),
    (r"expected syllables", "cần chữ trong dấu ngoặc kép"),
    (r"brackets or lists more than (\d+) deep", "ngoặc hay danh sách lồng nhau quá {1} tầng"),
    (r"expected '(.)' to close the '(.)' here", "thiếu {1} để đóng {2} này"),
    (r"expected a phrase between '(.)', '\|' and '(.)'", "giữa {1}, | và {2} cần một cụm từ"),
    (r"there is no list '(.*)'; there are (.*)", "không có danh sách @{1}; chỉ có {2}"),
    (r"there is no list '(.*)'; .*", "không có danh sách @{1}; cấu hình chưa có danh sách nào"),
    (r"the list '(.*)' holds itself", "danh sách @{1} chứa chính nó"),
    (r"the list '(.*)' is empty", "danh sách @{1} còn trống"),
    (r"in the list '(.*)', (.*): .*", "trong danh sách @{1} có {2} không đọc được"),
    (r"expected the name of a list after '@'", "sau @ cần tên một danh sách"),
    (r"expected a gap like .*", "khoảng trống viết như …3… (nhiều nhất ba tiếng)"),
    (r"a gap is 1 to (\d+) syllables wide, not (\d+)", "khoảng trống rộng 1 đến {1} tiếng, không phải {2}"),
    (r"the phrase has more than (\d+) variants; .*", "cụm từ này có quá {1} cách nói"),
    (r"expected a syllable before and behind every gap, .*", "trước và sau mỗi khoảng trống cần một tiếng"),
    (r"expected a phrase", "cần một cụm từ"),
    (r"expected (.*), but the query ends", "đến đây cần {1}, mà câu tìm đã hết"),
    (r"expected (.*), but found '(.*)'", "ở đây cần {1}, không phải {2}"),
)  # fmt: skip
_EXPECTED = (
    (r"a phrase, '\(' or a field", "một cụm từ, dấu ( hay một trường như title:"),
    (r"AND, OR, or the end of the query", "AND, OR, hoặc hết câu"),
    (r"(?:',' or )?'\)' for the '\(' of line (\d+), column (\d+)", "dấu ) cho dấu ( ở ký tự thứ {2}"),
    (r"a day, month or year", "một ngày, tháng hay năm"),
    (r"'\(' after '(.*)'", "dấu ( sau {1}"),
    (r"a source", "tên một báo"),
    (r"a section", "tên một chuyên mục"),
    (r"a document, like (.*)", "một văn bản, như {1}"),
)


def in_vietnamese(trouble: str) -> str | None:
    """The grammar's sentence in Vietnamese; None for one that is not known here."""
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, trouble, re.DOTALL)
        if found:
            return sentence.format("", *map(_expected, found.groups()))
    return None


def _expected(caught: str) -> str:
    for pattern, words in _EXPECTED:
        found = re.fullmatch(pattern, caught)
        if found:
            return words.format("", *found.groups())
    return caught
