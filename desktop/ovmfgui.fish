# Completion of ovmfgui in fish: commands and options are asked of the program itself.
function __ovmfgui_command
    set -l words (commandline -opc)
    set -l command
    for word in $words[2..]
        string match -qr '^-|/|\.' -- $word; and break
        set -a command $word
        contains -- "$command" vars "vars boot"; or break
    end
    string join \n -- $command
end

function __ovmfgui_commands
    ovmfgui (__ovmfgui_command) --help 2>/dev/null | string match -rg '^  ([a-z]+)  (.*)' | paste - - 2>/dev/null
end

function __ovmfgui_options
    ovmfgui (__ovmfgui_command) --help 2>/dev/null | string match -ra -- '--[a-z][a-z-]*' | sort -u
end

complete -c ovmfgui -n 'not string match -q -- "-*" (commandline -ct)' -a '(__ovmfgui_commands)'
complete -c ovmfgui -n 'string match -q -- "-*" (commandline -ct)' -a '(__ovmfgui_options)'
