"""What was asked, agreed and allowed: people's word on being called, customers' trunks and numbers, free days."""
