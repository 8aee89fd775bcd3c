# The flags of a project that allows no warning, in its own files and in the headers it includes.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
