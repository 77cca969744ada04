"""What people found of the detector's findings: operators' verdicts, and appeals of those whose number was stopped or listed."""
