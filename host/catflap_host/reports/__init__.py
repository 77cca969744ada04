"""What came in a week or a month, counted for those who answer for it: 举报情况盘点."""
