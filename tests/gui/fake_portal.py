#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A desktop's file chooser and file manager on the session bus, for tests.

  fake_portal.py READY BEHAVIOUR...

Writes a line to the file READY when its names are taken. BEHAVIOUR: "choose:URI,URI" answers every request with these,
"cancel" leaves every dialog, "garbage" answers with the wrong types, "die" ends when asked. Prints what was asked.
"""
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

PORTAL = "org.freedesktop.portal.Desktop"
ROOT = "/org/freedesktop/portal/desktop"


class Request(dbus.service.Object):
    @dbus.service.signal("org.freedesktop.portal.Request", signature="ua{sv}")
    def Response(self, response, results):
        pass

    @dbus.service.method("org.freedesktop.portal.Request")
    def Close(self):
        print("closed", flush=True)


class Garbage(dbus.service.Object):
    @dbus.service.signal("org.freedesktop.portal.Request", signature="s")
    def Response(self, text):
        pass


class Portal(dbus.service.Object):
    def __init__(self, bus, behaviour, loop):
        super().__init__(bus, ROOT)
        self.bus, self.behaviour, self.loop, self.requests = bus, behaviour, loop, []

    @dbus.service.method(
        "org.freedesktop.portal.FileChooser", in_signature="ssa{sv}", out_signature="o", sender_keyword="sender"
    )
    def OpenFile(self, parent, title, options, sender=None):
        print("open", title, bool(options.get("multiple")), bool(options.get("directory")), flush=True)
        path = f"{ROOT}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
        kind = Garbage if self.behaviour == "garbage" else Request
        request = kind(self.bus, path)
        self.requests.append(request)
        GLib.idle_add(self.answer, request)
        return dbus.ObjectPath(path)

    def answer(self, request):
        if self.behaviour == "die":
            self.loop.quit()
        elif self.behaviour == "garbage":
            request.Response("nothing of the kind")
        elif self.behaviour == "cancel":
            request.Response(dbus.UInt32(1), dbus.Dictionary({}, signature="sv"))
        elif self.behaviour.startswith("choose:"):
            uris = dbus.Array(self.behaviour[len("choose:"):].split(","), signature="s")
            request.Response(dbus.UInt32(0), dbus.Dictionary({"uris": uris}, signature="sv"))
        return False


class FileManager(dbus.service.Object):
    @dbus.service.method("org.freedesktop.FileManager1", in_signature="ass")
    def ShowItems(self, uris, startup):
        print("show", *uris, flush=True)

    @dbus.service.method("org.freedesktop.FileManager1", in_signature="ass")
    def ShowFolders(self, uris, startup):
        print("folder", *uris, flush=True)


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus, loop = dbus.SessionBus(), GLib.MainLoop()
    names = [dbus.service.BusName(name, bus) for name in (PORTAL, "org.freedesktop.FileManager1")]
    keep = [Portal(bus, sys.argv[2], loop), FileManager(bus, "/org/freedesktop/FileManager1"), names]
    with open(sys.argv[1], "w", encoding="utf-8") as ready:
        ready.write("ready\n")
    loop.run()
    del keep


main()
