"""What people read, in English and Chinese: English stands in the code and the templates, Chinese in the .po files of `zh/`."""
