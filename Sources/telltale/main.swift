import TelltaleCommands

await TelltaleProgram.main()
