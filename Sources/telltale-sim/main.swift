import Glibc
import ProviderSimulator

exit(SimulatorProgram.run(arguments: Array(CommandLine.arguments.dropFirst())))
