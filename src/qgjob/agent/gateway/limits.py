"""How long the gateway waits for what. All below the 120 s after which the webdriver package asks again on its own."""

PROVE_S = 30.0
"""For the agent's proof that the submitted app is on the device."""
CREATE_S = 110.0
"""For Appium to create a session; on a slow emulator the driver alone may take a minute."""
COMMAND_S = 110.0
"""For one command of a test."""
SUSPICIOUS_S = 15.0
"""A command that takes longer makes us ask whether the device is still there: adb waits for a frozen one for ever."""
DELETE_S = 20.0
"""For Appium to end a session; about half a second when all is well."""
SCREENSHOT_S = 10.0
WAIT_FOR_DEVICE_S = 60.0
"""For another session on the device to end, before a new one is refused."""
CLOSE_S = 30.0
"""For a session that is being created while the gateway closes."""

MOST_SCREENSHOTS = 200
CREATIONS_BEFORE_GIVING_UP = 2
"""Sessions in a row that could not be created, after which the device is taken for lost to this lease."""
MOST_MESSAGE_CHARACTERS = 2000
