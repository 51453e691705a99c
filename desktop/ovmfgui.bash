# Completion of ovmfgui in bash: commands and options are asked of the program itself.
_ovmfgui() {
    local current=${COMP_WORDS[COMP_CWORD]} command=() word help
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
        -*) break ;;
        */* | *.*) break ;;
        *) command+=("$word") ;;
        esac
        case "${command[*]}" in
        vars | "vars boot") ;;
        *) break ;;
        esac
    done
    help=$(ovmfgui "${command[@]}" --help 2>/dev/null)
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$current")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    if ((COMP_CWORD == ${#command[@]} + 1)); then
        local names
        names=$(sed -n '/^commands:/,/^$/s/^  \([a-z][a-z]*\)  .*/\1/p' <<<"$help")
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$names" -- "$current")
    fi
}
complete -o filenames -F _ovmfgui ovmfgui
