"""Headings that stand between paragraphs of longer stories; each fits any subject."""

HEADINGS = (
    "Từ những việc cụ thể",
    "Còn đó những khó khăn",
    "Kết quả bước đầu",
    "Ghi nhận từ cơ sở",
    "Những chuyển biến rõ nét",
    "Điều còn trăn trở",
)
