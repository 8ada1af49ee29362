"""The main window: menus, actions, dialogs, and what puts the rooms together."""
