# Made by desktop/make.py.
_shtab_ovmfgui_vars_boot_subparsers=(list add order remove next)
_shtab_ovmfgui_vars_subparsers=(list get set append delete rename attributes boot import export diff enrol compact recover)
_shtab_ovmfgui_subparsers=(demo inspect vars check matrix preflight collect hook gate compare secureboot measure report find extract split join convert replay stream trace follow explain)

_shtab_ovmfgui_demo_option_strings=(-h --help --screenshot --size --scale --theme --quit-after-first-paint)
_shtab_ovmfgui_inspect_option_strings=(-h --help --root --json --depth)
_shtab_ovmfgui_vars_list_option_strings=(-h --help --json --all --reveal)
_shtab_ovmfgui_vars_get_option_strings=(-h --help --guid --json --raw --hex --reveal)
_shtab_ovmfgui_vars_set_option_strings=(-h --help -o --output --dry-run --json --guid --data --text --file --field --keys --owner --attributes --timestamp --for --compact --keep-hot-keys --force)
_shtab_ovmfgui_vars_append_option_strings=(-h --help -o --output --dry-run --json --guid --data --text --file --keys --owner --attributes --timestamp --for --compact --force)
_shtab_ovmfgui_vars_delete_option_strings=(-h --help -o --output --dry-run --json --guid)
_shtab_ovmfgui_vars_rename_option_strings=(-h --help -o --output --dry-run --json --guid --new-guid --for --compact)
_shtab_ovmfgui_vars_attributes_option_strings=(-h --help -o --output --dry-run --json --guid --for --compact)
_shtab_ovmfgui_vars_boot_list_option_strings=(-h --help --json)
_shtab_ovmfgui_vars_boot_add_option_strings=(-h --help -o --output --dry-run --json --first --position --number --inactive --optional-data --arguments --for --compact)
_shtab_ovmfgui_vars_boot_order_option_strings=(-h --help -o --output --dry-run --json --for --compact)
_shtab_ovmfgui_vars_boot_remove_option_strings=(-h --help -o --output --dry-run --json --not-in-order --matching --for --compact)
_shtab_ovmfgui_vars_boot_next_option_strings=(-h --help -o --output --dry-run --json --for --compact)
_shtab_ovmfgui_vars_boot_option_strings=(-h --help)
_shtab_ovmfgui_vars_import_option_strings=(-h --help -o --output --dry-run --json --replace --for --compact)
_shtab_ovmfgui_vars_export_option_strings=(-h --help --guid -o --output --format --json)
_shtab_ovmfgui_vars_diff_option_strings=(-h --help --json)
_shtab_ovmfgui_vars_enrol_option_strings=(-h --help --profile --from --db --dbx --kek --pk --owner --replace --compact --force -o --output --dry-run --json)
_shtab_ovmfgui_vars_compact_option_strings=(-h --help -o --output --dry-run --json)
_shtab_ovmfgui_vars_recover_option_strings=(-h --help -o --output --layout --json)
_shtab_ovmfgui_vars_option_strings=(-h --help)
_shtab_ovmfgui_check_option_strings=(-h --help --root --json --strict)
_shtab_ovmfgui_matrix_option_strings=(-h --help --from --to --all-pairs --root --json)
_shtab_ovmfgui_preflight_option_strings=(-h --help --fleet --json --junit)
_shtab_ovmfgui_collect_option_strings=(-h --help -o --no-stores --json)
_shtab_ovmfgui_hook_option_strings=(-h --help --install --uninstall --policy --root --json)
_shtab_ovmfgui_gate_option_strings=(-h --help --old --stores --junit --sarif --json)
_shtab_ovmfgui_compare_option_strings=(-h --help --bytes --json)
_shtab_ovmfgui_secureboot_option_strings=(-h --help --efi --root --json)
_shtab_ovmfgui_measure_option_strings=(-h --help --vcpus --vcpu-type --vcpu-sig --guest-features --json)
_shtab_ovmfgui_report_option_strings=(-h --help -o --output --format --root --json)
_shtab_ovmfgui_find_option_strings=(-h --help --as --root --json)
_shtab_ovmfgui_extract_option_strings=(-h --help --part --number -o --output --json)
_shtab_ovmfgui_split_option_strings=(-h --help --code --vars --json)
_shtab_ovmfgui_join_option_strings=(-h --help -o --output --force --json)
_shtab_ovmfgui_convert_option_strings=(-h --help --for -o --output --json)
_shtab_ovmfgui_replay_option_strings=(-h --help --engine --guest --html --list --actions --json)
_shtab_ovmfgui_stream_option_strings=(-h --help --snapshot --qmp --extract --json)
_shtab_ovmfgui_trace_option_strings=(-h --help --vars --chip --board --machine -o --output --json)
_shtab_ovmfgui_follow_option_strings=(-h --help --qmp --seconds --json)
_shtab_ovmfgui_explain_option_strings=(-h --help --code --vars --list --json)
_shtab_ovmfgui_option_strings=(-h --help --screenshot --size --scale --theme --quit-after-first-paint --version)

_shtab_ovmfgui_demo___screenshot_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_inspect_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_inspect___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_vars_list_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_get_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_set_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_set__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_set___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_set___file_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_set___keys_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_set___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_append_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_append__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_append___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_append___file_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_append___keys_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_append___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_delete_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_delete__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_delete___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_rename_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_rename__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_rename___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_rename___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_attributes_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_attributes__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_attributes___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_attributes___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_list_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_add_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_add_pos_2_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_add__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_add___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_add___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_order_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_order__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_order___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_order___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_remove_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_remove__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_remove___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_remove___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_next_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_next__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_next___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_boot_next___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_import_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_import_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_import__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_import___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_import___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_export_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_export__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_export___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_diff_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_diff_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol___from_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol___db_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol___dbx_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol___kek_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol___pk_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_enrol___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_compact_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_compact__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_compact___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_recover_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_recover__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_vars_recover___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_check_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_check___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_matrix_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_matrix___from_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_matrix___to_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_matrix___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_preflight_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_preflight_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_preflight___fleet_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_preflight___junit_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_collect__o_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_hook___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_gate_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_gate___old_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_gate___stores_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_gate___junit_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_gate___sarif_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_compare_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_compare_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_secureboot_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_secureboot___efi_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_secureboot___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_measure_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_report_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_report__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_report___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_report___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_find_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_find___root_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_extract_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_extract__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_extract___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_split_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_split___code_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_split___vars_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_join_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_join_pos_1_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_join__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_join___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_convert_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_convert___for_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_convert__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_convert___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_replay_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_replay___html_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_stream_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_stream___qmp_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_stream___extract_COMPGEN=_shtab_compgen_dirs
_shtab_ovmfgui_trace_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_trace___vars_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_trace___machine_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_trace__o_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_trace___output_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_follow_pos_0_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_follow___qmp_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_explain___code_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui_explain___vars_COMPGEN=_shtab_compgen_files
_shtab_ovmfgui___screenshot_COMPGEN=_shtab_compgen_dirs

_shtab_ovmfgui_demo___theme_choices=(light dark system)
_shtab_ovmfgui_vars_boot_pos_0_choices=(list add order remove next)
_shtab_ovmfgui_vars_export___format_choices=(json dmpstore efivarfs)
_shtab_ovmfgui_vars_enrol___profile_choices=(microsoft-2023 microsoft-2011+2023 microsoft-2011 distribution)
_shtab_ovmfgui_vars_recover___layout_choices=(2M 4M AAVMF)
_shtab_ovmfgui_vars_pos_0_choices=(list get set append delete rename attributes boot import export diff enrol compact recover)
_shtab_ovmfgui_hook___policy_choices=(refuse warn off)
_shtab_ovmfgui_report___format_choices=(html md)
_shtab_ovmfgui_find___as_choices=(hex text utf-16 guid name)
_shtab_ovmfgui_extract___part_choices=(whole body unpacked)
_shtab_ovmfgui_replay___engine_choices=(model qemu both)
_shtab_ovmfgui_replay___guest_choices=(idle real)
_shtab_ovmfgui_trace___board_choices=(pc virt)
_shtab_ovmfgui_pos_0_choices=(demo inspect vars check matrix preflight collect hook gate compare secureboot measure report find extract split join convert replay stream trace follow explain)
_shtab_ovmfgui___theme_choices=(light dark system)

_shtab_ovmfgui_demo__h_nargs=0
_shtab_ovmfgui_demo___help_nargs=0
_shtab_ovmfgui_demo___quit_after_first_paint_nargs=0
_shtab_ovmfgui_inspect_pos_0_nargs=+
_shtab_ovmfgui_inspect__h_nargs=0
_shtab_ovmfgui_inspect___help_nargs=0
_shtab_ovmfgui_inspect___json_nargs=0
_shtab_ovmfgui_vars_list__h_nargs=0
_shtab_ovmfgui_vars_list___help_nargs=0
_shtab_ovmfgui_vars_list___json_nargs=0
_shtab_ovmfgui_vars_list___all_nargs=0
_shtab_ovmfgui_vars_list___reveal_nargs=0
_shtab_ovmfgui_vars_get__h_nargs=0
_shtab_ovmfgui_vars_get___help_nargs=0
_shtab_ovmfgui_vars_get___json_nargs=0
_shtab_ovmfgui_vars_get___raw_nargs=0
_shtab_ovmfgui_vars_get___hex_nargs=0
_shtab_ovmfgui_vars_get___reveal_nargs=0
_shtab_ovmfgui_vars_set__h_nargs=0
_shtab_ovmfgui_vars_set___help_nargs=0
_shtab_ovmfgui_vars_set___dry_run_nargs=0
_shtab_ovmfgui_vars_set___json_nargs=0
_shtab_ovmfgui_vars_set___compact_nargs=0
_shtab_ovmfgui_vars_set___keep_hot_keys_nargs=0
_shtab_ovmfgui_vars_set___force_nargs=0
_shtab_ovmfgui_vars_append__h_nargs=0
_shtab_ovmfgui_vars_append___help_nargs=0
_shtab_ovmfgui_vars_append___dry_run_nargs=0
_shtab_ovmfgui_vars_append___json_nargs=0
_shtab_ovmfgui_vars_append___compact_nargs=0
_shtab_ovmfgui_vars_append___force_nargs=0
_shtab_ovmfgui_vars_delete__h_nargs=0
_shtab_ovmfgui_vars_delete___help_nargs=0
_shtab_ovmfgui_vars_delete___dry_run_nargs=0
_shtab_ovmfgui_vars_delete___json_nargs=0
_shtab_ovmfgui_vars_rename__h_nargs=0
_shtab_ovmfgui_vars_rename___help_nargs=0
_shtab_ovmfgui_vars_rename___dry_run_nargs=0
_shtab_ovmfgui_vars_rename___json_nargs=0
_shtab_ovmfgui_vars_rename___compact_nargs=0
_shtab_ovmfgui_vars_attributes__h_nargs=0
_shtab_ovmfgui_vars_attributes___help_nargs=0
_shtab_ovmfgui_vars_attributes___dry_run_nargs=0
_shtab_ovmfgui_vars_attributes___json_nargs=0
_shtab_ovmfgui_vars_attributes___compact_nargs=0
_shtab_ovmfgui_vars_boot_list__h_nargs=0
_shtab_ovmfgui_vars_boot_list___help_nargs=0
_shtab_ovmfgui_vars_boot_list___json_nargs=0
_shtab_ovmfgui_vars_boot_add__h_nargs=0
_shtab_ovmfgui_vars_boot_add___help_nargs=0
_shtab_ovmfgui_vars_boot_add___dry_run_nargs=0
_shtab_ovmfgui_vars_boot_add___json_nargs=0
_shtab_ovmfgui_vars_boot_add___first_nargs=0
_shtab_ovmfgui_vars_boot_add___inactive_nargs=0
_shtab_ovmfgui_vars_boot_add___compact_nargs=0
_shtab_ovmfgui_vars_boot_order_pos_1_nargs=+
_shtab_ovmfgui_vars_boot_order__h_nargs=0
_shtab_ovmfgui_vars_boot_order___help_nargs=0
_shtab_ovmfgui_vars_boot_order___dry_run_nargs=0
_shtab_ovmfgui_vars_boot_order___json_nargs=0
_shtab_ovmfgui_vars_boot_order___compact_nargs=0
_shtab_ovmfgui_vars_boot_remove_pos_1_nargs='*'
_shtab_ovmfgui_vars_boot_remove__h_nargs=0
_shtab_ovmfgui_vars_boot_remove___help_nargs=0
_shtab_ovmfgui_vars_boot_remove___dry_run_nargs=0
_shtab_ovmfgui_vars_boot_remove___json_nargs=0
_shtab_ovmfgui_vars_boot_remove___not_in_order_nargs=0
_shtab_ovmfgui_vars_boot_remove___compact_nargs=0
_shtab_ovmfgui_vars_boot_next__h_nargs=0
_shtab_ovmfgui_vars_boot_next___help_nargs=0
_shtab_ovmfgui_vars_boot_next___dry_run_nargs=0
_shtab_ovmfgui_vars_boot_next___json_nargs=0
_shtab_ovmfgui_vars_boot_next___compact_nargs=0
_shtab_ovmfgui_vars_boot_pos_0_nargs=A...
_shtab_ovmfgui_vars_boot__h_nargs=0
_shtab_ovmfgui_vars_boot___help_nargs=0
_shtab_ovmfgui_vars_import__h_nargs=0
_shtab_ovmfgui_vars_import___help_nargs=0
_shtab_ovmfgui_vars_import___dry_run_nargs=0
_shtab_ovmfgui_vars_import___json_nargs=0
_shtab_ovmfgui_vars_import___replace_nargs=0
_shtab_ovmfgui_vars_import___compact_nargs=0
_shtab_ovmfgui_vars_export_pos_1_nargs='*'
_shtab_ovmfgui_vars_export__h_nargs=0
_shtab_ovmfgui_vars_export___help_nargs=0
_shtab_ovmfgui_vars_export___json_nargs=0
_shtab_ovmfgui_vars_diff__h_nargs=0
_shtab_ovmfgui_vars_diff___help_nargs=0
_shtab_ovmfgui_vars_diff___json_nargs=0
_shtab_ovmfgui_vars_enrol_pos_0_nargs=+
_shtab_ovmfgui_vars_enrol__h_nargs=0
_shtab_ovmfgui_vars_enrol___help_nargs=0
_shtab_ovmfgui_vars_enrol___replace_nargs=0
_shtab_ovmfgui_vars_enrol___compact_nargs=0
_shtab_ovmfgui_vars_enrol___force_nargs=0
_shtab_ovmfgui_vars_enrol___dry_run_nargs=0
_shtab_ovmfgui_vars_enrol___json_nargs=0
_shtab_ovmfgui_vars_compact__h_nargs=0
_shtab_ovmfgui_vars_compact___help_nargs=0
_shtab_ovmfgui_vars_compact___dry_run_nargs=0
_shtab_ovmfgui_vars_compact___json_nargs=0
_shtab_ovmfgui_vars_recover__h_nargs=0
_shtab_ovmfgui_vars_recover___help_nargs=0
_shtab_ovmfgui_vars_recover___json_nargs=0
_shtab_ovmfgui_vars_pos_0_nargs=A...
_shtab_ovmfgui_vars__h_nargs=0
_shtab_ovmfgui_vars___help_nargs=0
_shtab_ovmfgui_check_pos_0_nargs=+
_shtab_ovmfgui_check__h_nargs=0
_shtab_ovmfgui_check___help_nargs=0
_shtab_ovmfgui_check___json_nargs=0
_shtab_ovmfgui_check___strict_nargs=0
_shtab_ovmfgui_matrix_pos_0_nargs='*'
_shtab_ovmfgui_matrix__h_nargs=0
_shtab_ovmfgui_matrix___help_nargs=0
_shtab_ovmfgui_matrix___all_pairs_nargs=0
_shtab_ovmfgui_matrix___json_nargs=0
_shtab_ovmfgui_preflight_pos_2_nargs='*'
_shtab_ovmfgui_preflight__h_nargs=0
_shtab_ovmfgui_preflight___help_nargs=0
_shtab_ovmfgui_preflight___json_nargs=0
_shtab_ovmfgui_collect__h_nargs=0
_shtab_ovmfgui_collect___help_nargs=0
_shtab_ovmfgui_collect___no_stores_nargs=0
_shtab_ovmfgui_collect___json_nargs=0
_shtab_ovmfgui_hook__h_nargs=0
_shtab_ovmfgui_hook___help_nargs=0
_shtab_ovmfgui_hook___install_nargs=0
_shtab_ovmfgui_hook___uninstall_nargs=0
_shtab_ovmfgui_hook___json_nargs=0
_shtab_ovmfgui_gate__h_nargs=0
_shtab_ovmfgui_gate___help_nargs=0
_shtab_ovmfgui_gate___json_nargs=0
_shtab_ovmfgui_compare__h_nargs=0
_shtab_ovmfgui_compare___help_nargs=0
_shtab_ovmfgui_compare___bytes_nargs=0
_shtab_ovmfgui_compare___json_nargs=0
_shtab_ovmfgui_secureboot_pos_0_nargs=+
_shtab_ovmfgui_secureboot__h_nargs=0
_shtab_ovmfgui_secureboot___help_nargs=0
_shtab_ovmfgui_secureboot___json_nargs=0
_shtab_ovmfgui_measure__h_nargs=0
_shtab_ovmfgui_measure___help_nargs=0
_shtab_ovmfgui_measure___json_nargs=0
_shtab_ovmfgui_report_pos_0_nargs=+
_shtab_ovmfgui_report__h_nargs=0
_shtab_ovmfgui_report___help_nargs=0
_shtab_ovmfgui_report___json_nargs=0
_shtab_ovmfgui_find_pos_1_nargs=+
_shtab_ovmfgui_find__h_nargs=0
_shtab_ovmfgui_find___help_nargs=0
_shtab_ovmfgui_find___json_nargs=0
_shtab_ovmfgui_extract_pos_1_nargs=+
_shtab_ovmfgui_extract__h_nargs=0
_shtab_ovmfgui_extract___help_nargs=0
_shtab_ovmfgui_extract___json_nargs=0
_shtab_ovmfgui_split__h_nargs=0
_shtab_ovmfgui_split___help_nargs=0
_shtab_ovmfgui_split___json_nargs=0
_shtab_ovmfgui_join__h_nargs=0
_shtab_ovmfgui_join___help_nargs=0
_shtab_ovmfgui_join___force_nargs=0
_shtab_ovmfgui_join___json_nargs=0
_shtab_ovmfgui_convert__h_nargs=0
_shtab_ovmfgui_convert___help_nargs=0
_shtab_ovmfgui_convert___json_nargs=0
_shtab_ovmfgui_replay__h_nargs=0
_shtab_ovmfgui_replay___help_nargs=0
_shtab_ovmfgui_replay___list_nargs=0
_shtab_ovmfgui_replay___actions_nargs=0
_shtab_ovmfgui_replay___json_nargs=0
_shtab_ovmfgui_stream__h_nargs=0
_shtab_ovmfgui_stream___help_nargs=0
_shtab_ovmfgui_stream___json_nargs=0
_shtab_ovmfgui_trace__h_nargs=0
_shtab_ovmfgui_trace___help_nargs=0
_shtab_ovmfgui_trace___json_nargs=0
_shtab_ovmfgui_follow__h_nargs=0
_shtab_ovmfgui_follow___help_nargs=0
_shtab_ovmfgui_follow___json_nargs=0
_shtab_ovmfgui_explain_pos_0_nargs='*'
_shtab_ovmfgui_explain__h_nargs=0
_shtab_ovmfgui_explain___help_nargs=0
_shtab_ovmfgui_explain___list_nargs=0
_shtab_ovmfgui_explain___json_nargs=0
_shtab_ovmfgui_pos_0_nargs=A...
_shtab_ovmfgui__h_nargs=0
_shtab_ovmfgui___help_nargs=0
_shtab_ovmfgui___quit_after_first_paint_nargs=0
_shtab_ovmfgui___version_nargs=0


# $1=COMP_WORDS[1]
_shtab_compgen_files() {
  compgen -f -- $1  # files
}

# $1=COMP_WORDS[1]
_shtab_compgen_dirs() {
  compgen -d -- $1  # recurse into subdirs
}

# $1=COMP_WORDS[1]
_shtab_replace_nonword() {
  echo "${1//[^[:word:]]/_}"
}

# set default values (called for the initial parser & any subparsers)
_set_parser_defaults() {
  local subparsers_var="${prefix}_subparsers[@]"
  sub_parsers=${!subparsers_var-}

  local current_option_strings_var="${prefix}_option_strings[@]"
  current_option_strings=${!current_option_strings_var}

  completed_positional_actions=0

  _set_new_action "pos_$completed_positional_actions" true
}

# $1=action identifier
# $2=positional action (bool)
# set all identifiers for an action's parameters
_set_new_action() {
  current_action="${prefix}_$(_shtab_replace_nonword $1)"

  local current_action_compgen_var=${current_action}_COMPGEN
  current_action_compgen="${!current_action_compgen_var-}"

  local current_action_choices_var="${current_action}_choices[@]"
  current_action_choices="${!current_action_choices_var-}"

  local current_action_nargs_var="${current_action}_nargs"
  if [ -n "${!current_action_nargs_var-}" ]; then
    current_action_nargs="${!current_action_nargs_var}"
  else
    current_action_nargs=1
  fi

  current_action_args_start_index=$(( $word_index + 1 - $pos_only ))

  current_action_is_positional=$2
}

# Notes:
# `COMPREPLY`: what will be rendered after completion is triggered
# `completing_word`: currently typed word to generate completions for
# `${!var}`: evaluates the content of `var` and expand its content as a variable
#     hello="world"
#     x="hello"
#     ${!x} -> ${hello} -> "world"
_shtab_ovmfgui() {
  local completing_word="${COMP_WORDS[COMP_CWORD]}"
  local previous_word="${COMP_WORDS[COMP_CWORD-1]}"
  local completed_positional_actions
  local current_action
  local current_action_args_start_index
  local current_action_choices
  local current_action_compgen
  local current_action_is_positional
  local current_action_nargs
  local current_option_strings
  local sub_parsers
  COMPREPLY=()

  local prefix=_shtab_ovmfgui
  local word_index=0
  local pos_only=0 # "--" delimiter not encountered yet
  _set_parser_defaults
  word_index=1

  # determine what arguments are appropriate for the current state
  # of the arg parser
  while [ $word_index -ne $COMP_CWORD ]; do
    local this_word="${COMP_WORDS[$word_index]}"

    if [[ $pos_only = 1 || " $this_word " != " -- " ]]; then
      if [[ -n $sub_parsers && " ${sub_parsers[@]} " == *" $this_word "* ]]; then
        # valid subcommand: add it to the prefix & reset the current action
        prefix="${prefix}_$(_shtab_replace_nonword $this_word)"
        _set_parser_defaults
      fi

      if [[ " ${current_option_strings[@]} " == *" $this_word "* ]]; then
        # a new action should be acquired (due to recognised option string or
        # no more input expected from current action);
        # the next positional action can fill in here
        _set_new_action $this_word false
      fi

      if [[ "$current_action_nargs" != "*" ]] && \
         [[ "$current_action_nargs" != "+" ]] && \
         [[ "$current_action_nargs" != "?" ]] && \
         [[ "$current_action_nargs" != *"..." ]] && \
         (( $word_index + 1 - $current_action_args_start_index - $pos_only >= \
            $current_action_nargs )); then
        $current_action_is_positional && let "completed_positional_actions += 1"
        _set_new_action "pos_$completed_positional_actions" true
      fi
    else
      pos_only=1 # "--" delimiter encountered
    fi

    let "word_index+=1"
  done

  # Generate the completions

  COMPREPLY=()
  if [[ $pos_only = 0 && "$completing_word" == -* &&
        ( -z "$current_action_compgen" || "$current_action_is_positional" = true ) ]]; then
    # optional argument started: use option strings
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_option_strings[*]}" -- "$completing_word")
  elif [[ "$previous_word" =~ ^[0-9\&]*[\<\>]\>?$ ]]; then
    # handle redirection operators
    compopt -o filenames 2>/dev/null || : # bash>=4
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$completing_word")
  else
    # use choices & compgen
    local action_compgen_word="$completing_word"
    # handle tab-completing in the middle of a line (#248 <- #116)
    [[ -n "$current_action_compgen" && "$completing_word" == -* ]] && action_compgen_word=""
    [ -n "$current_action_compgen" ] && {
      [[ "$current_action_compgen" =~ _(file|dir|glob|FILE|DIR|GLOB)|File|Dir|Glob ]] &&
        compopt -o filenames 2>/dev/null || : # bash>=4
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
        "$current_action_compgen" "$action_compgen_word")
    }
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
      compgen -W "${current_action_choices[*]}" -- "$completing_word")
  fi

  if [[ ${#COMPREPLY[@]} = 0 ]]; then
    # native fallback matches are not necessarily filenames (e.g. variables)
    compopt +o filenames 2>/dev/null || : # bash>=4
  fi

  return 0
}

complete -o bashdefault -F _shtab_ovmfgui ovmfgui
