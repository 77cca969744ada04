"""What a probe tells of its lines and itself (PROTOCOL.md section 3, `health`), in words; and which of it a person should look at."""

from catflap_host.language.marking import N_

CONDITIONS = {
    "unstable-name": N_("The port may be another one after the next start"),
    "port-missing": N_("No such port, or it cannot be opened"),
    "port-denied": N_("The probe may not open the port"),
    "port-busy": N_("Another program keeps the port to itself"),
    "port-shared": N_("Another program has the port open too"),
    "port-free": N_("The other program has let go of the port"),
    "unplugged": N_("Unplugged"),
    "port-open": N_("The port could be opened"),
    "modem-is": N_("The modem says what it is"),
    "modem-recognised": N_("The modem was recognised"),
    "modem-differs": N_("The modem answers as another family than configured"),
    "modem-ready": N_("Ready, caller ID is on"),
    "modem-not-ready": N_("A set-up command was refused"),
    "country-refused": N_("The modem does not take the trunk's country"),
    "caller-id-not-provisioned": N_("The network gives no caller ID to this SIM"),
    "caller-id-off": N_("Caller ID was found switched off"),
    "modem-reset": N_("The modem has started anew"),
    "re-initialised": N_("Set up again"),
    "rings-without-caller-id": N_("Calls in a row rang and showed no caller ID"),
    "modem-silent": N_("The modem answers nothing"),
    "wrong-baud": N_("Another speed than configured"),
    "power-cycled": N_("Its power was switched off and on"),
    "power-failed": N_("The power switch cannot be worked"),
    "needs-power-cycle": N_("A person must switch it off and on"),
    "unknown-profile": N_("No such modem family"),
    "messages-refused": N_("The modem does not tell of text messages"),
    "policy-taken": N_("A new policy is in force"),
    "policy-refused": N_("The policy was refused"),
    "model-missing": N_("The model is missing"),
    "memory-lost": N_("The memory was lost"),
    "memory-not-saved": N_("The memory could not be saved"),
    "probe-fault": N_("A fault of the probe's own"),
    "crash": N_("The board had crashed"),
    "condition": N_("Temperature and heap"),
    "not-recording": N_("Recordings cannot be written"),
}

GOOD = frozenset(
    {
        "port-free",
        "port-open",
        "modem-is",
        "modem-recognised",
        "modem-ready",
        "re-initialised",
        "condition",
        "unstable-name",
        "policy-taken",
    }
)
"""What asks nothing of anybody."""
