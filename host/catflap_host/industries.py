"""Industries that people call for, the same in registers and complaints."""

from enum import StrEnum


class Industry(StrEnum):
    """What a call is for: whose calls a person wants or not (接收意愿), and what he complains of (12321 tells these apart)."""

    LOANS = "loans"
    PROPERTY = "property"
    INSURANCE = "insurance"
    EDUCATION = "education"
    RECRUITING = "recruiting"
    HEALTH = "health"
    SECURITIES = "securities"
    TRAVEL = "travel"
    FOOD_AND_DRUGS = "food-and-drugs"
    CARD_TERMINALS = "card-terminals"
    DECORATION = "decoration"
    GAMES = "games"
    APPS = "apps"
    FREIGHT = "freight"
    RETAIL = "retail"
    TELECOM = "telecom"
    HOUSEKEEPING = "housekeeping"
    OTHER = "other"
