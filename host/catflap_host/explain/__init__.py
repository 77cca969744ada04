"""Why a call was decided as it was: replayed, looked at in the moment of its decision, told to a person."""
