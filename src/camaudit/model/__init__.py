"""The types that flow through camaudit, in flow order: read this first.

Target -> Observation -> Evidence -> Identification -> Device -> Finding -> PlanStep -> Report.
All are frozen values without I/O; a stage takes the type on its left and gives the type on its right.
"""

from camaudit.model.asked import Ask, Choice, Effect, Question, Topic
from camaudit.model.identified import Candidate, Device, DeviceState, Identification, Recorded, Vulnerability
from camaudit.model.judged import (
    Allegation,
    Attestation,
    Citation,
    Cost,
    CostLine,
    Decision,
    DocumentNote,
    Effort,
    Finding,
    PlanStep,
    Progress,
    Reply,
    Sighting,
    Waiver,
)
from camaudit.model.kept import Judgement, KeptUnit
from camaudit.model.noted import Notes, StepNote, UnitNote
from camaudit.model.observed import OF_A_GROUP, Evidence, Observation, Target
from camaudit.model.placed import Contact, Difference, Matched, Reconciled, SwitchPort
from camaudit.model.planned import Hours, Planning, Prices, Range
from camaudit.model.reported import Coverage, HostCoverage, Load, Report, Run, Since, Site
from camaudit.model.secret import Account, Secret
from camaudit.model.words import Certainty, Kind, Outcome, Relation, Severity, Strength, Verdict

__all__ = [
    "OF_A_GROUP",
    "Account",
    "Allegation",
    "Ask",
    "Attestation",
    "Candidate",
    "Certainty",
    "Choice",
    "Citation",
    "Contact",
    "Cost",
    "CostLine",
    "Coverage",
    "Decision",
    "Device",
    "DeviceState",
    "Difference",
    "DocumentNote",
    "Effect",
    "Effort",
    "Evidence",
    "Finding",
    "HostCoverage",
    "Hours",
    "Identification",
    "Judgement",
    "KeptUnit",
    "Kind",
    "Load",
    "Matched",
    "Notes",
    "Observation",
    "Outcome",
    "PlanStep",
    "Planning",
    "Prices",
    "Progress",
    "Question",
    "Range",
    "Reconciled",
    "Recorded",
    "Relation",
    "Reply",
    "Report",
    "Run",
    "Secret",
    "Severity",
    "Sighting",
    "Since",
    "Site",
    "StepNote",
    "Strength",
    "SwitchPort",
    "Target",
    "Topic",
    "UnitNote",
    "Verdict",
    "Vulnerability",
    "Waiver",
]
